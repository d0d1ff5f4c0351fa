package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import partyline.gateway.http.Problem.Code;
import partyline.gateway.token.Caller;
import partyline.gateway.token.DisplayName;
import partyline.gateway.token.GuestTokens;
import partyline.gateway.token.KeptOut;
import partyline.room.Json;
import partyline.room.Limits;

/**
 * {@code POST /v1/guests}: lets somebody in who has no account anywhere; {@code PATCH /v1/me} gives
 * them another name.
 */
final class GuestsHandler {

  private final Authentication authentication;
  private final Optional<GuestTokens> tokens;
  private final ClientAddress addresses;
  private final GuestRate rate;
  private final KeptOut shutouts;
  private final InstantSource clock;

  /**
   * @param tokens empty where guests are not let in
   */
  GuestsHandler(
      Authentication authentication,
      Optional<GuestTokens> tokens,
      ClientAddress addresses,
      GuestRate rate,
      KeptOut shutouts,
      InstantSource clock) {
    this.authentication = authentication;
    this.tokens = tokens;
    this.addresses = addresses;
    this.rate = rate;
    this.shutouts = shutouts;
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
    byte[] household = GuestRate.household(address).getAddress();
    if (shutouts.isBanned(makesGuests.household(household), now)) {
      Problem.of(Code.BANNED)
          .because("A guest from your address is banned, and so are new ones.")
          .send(context);
      return;
    }
    int waitSeconds = rate.take(address, now.getEpochSecond());
    if (waitSeconds > 0) {
      Refusals.limited(context, Code.RATE_LIMITED, Limits.GUESTS_PER_ADDRESS_MINUTE, waitSeconds);
      return;
    }
    Answer.json(context, Answer.CREATED, json(makesGuests.create(name, household, now)));
  }

  /** Under the token that this answers they go by the name from now on. */
  void rename(RoutingContext context) {
    authentication
        .somebody(context.request())
        .orRefuse(
            context,
            caller -> {
              if (tokens.isEmpty() || !caller.id().isGuest()) {
                Problem.of(Code.FORBIDDEN)
                    .because("Your site says what you are called: guests alone say it themselves.")
                    .send(context);
              } else {
                rename(context, tokens.get(), caller);
              }
            });
  }

  private void rename(RoutingContext context, GuestTokens makesGuests, Caller guest) {
    Answer.after(
        context,
        Body.read(context),
        body ->
            body.then(JsonBody::parse)
                .then(GuestsHandler::name)
                .orRefuse(
                    context,
                    name ->
                        Answer.json(
                            context,
                            Answer.OK,
                            json(makesGuests.rename(guest, name, clock.instant())))));
  }

  private static String json(GuestTokens.Guest guest) {
    ObjectNode json = Json.MAPPER.createObjectNode().put("token", guest.token());
    People.put(json.putObject("user"), guest.caller().author());
    return Json.line(json.put("expires_at", guest.caller().expiresAt().toString()));
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
