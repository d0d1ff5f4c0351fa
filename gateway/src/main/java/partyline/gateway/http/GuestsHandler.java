package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.token.DisplayName;
import partyline.gateway.token.GuestTokens;
import partyline.room.Json;
import partyline.room.Limits;

/** {@code POST /v1/guests}: lets somebody in who has no account anywhere. */
final class GuestsHandler {

  private final Optional<GuestTokens> tokens;
  private final ClientAddress addresses;
  private final GuestRate rate;
  private final InstantSource clock;

  /**
   * @param tokens empty where guests are not let in
   */
  GuestsHandler(
      Optional<GuestTokens> tokens, ClientAddress addresses, GuestRate rate, InstantSource clock) {
    this.tokens = tokens;
    this.addresses = addresses;
    this.rate = rate;
    this.clock = clock;
  }

  void post(RoutingContext context) {
    if (tokens.isEmpty()) {
      Problem.of(Code.FORBIDDEN)
          .because("Guests are not let in here; the setting PARTYLINE_GUESTS turns them on.")
          .send(context);
      return;
    }
    GuestTokens makesGuests = tokens.get();
    InetAddress address = addresses.of(context.request());
    Answer.after(
        context,
        Body.read(context),
        body ->
            body.then(JsonBody::parse)
                .then(GuestsHandler::name)
                .orRefuse(context, name -> create(context, makesGuests, address, name)));
  }

  private void create(
      RoutingContext context, GuestTokens makesGuests, InetAddress address, String name) {
    Instant now = clock.instant();
    int waitSeconds = rate.take(address, now.getEpochSecond());
    if (waitSeconds > 0) {
      Problem.of(Code.RATE_LIMITED).retryAfter(waitSeconds).send(context);
      return;
    }
    GuestTokens.Guest guest = makesGuests.create(name, now);
    ObjectNode json = Json.MAPPER.createObjectNode().put("token", guest.token());
    People.put(json.putObject("user"), guest.caller().author());
    json.put("expires_at", guest.caller().expiresAt().toString());
    Answer.json(context, Answer.CREATED, Json.line(json));
  }

  private static Parsed<String> name(ObjectNode json) {
    JsonNode value = json.path("name");
    if (!value.isTextual()) {
      return Parsed.bad(
          Problem.invalid("name", value.isMissingNode() ? "is missing" : "must be a string"));
    }
    String text = value.textValue();
    if (text.codePointCount(0, text.length()) > Limits.USER_NAME_CODE_POINTS) {
      return Parsed.bad(
          Problem.invalid(
              "name", "is longer than " + Limits.USER_NAME_CODE_POINTS + " characters"));
    }
    return DisplayName.of(text)
        .map(Parsed::good)
        .orElseGet(() -> Parsed.bad(Problem.invalid("name", "holds nothing that can be shown")));
  }
}
