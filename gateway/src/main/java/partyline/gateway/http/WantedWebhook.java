package partyline.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import partyline.room.Limits;
import partyline.room.hook.Webhook;
import partyline.room.hook.WebhookSecret;

/**
 * A webhook as somebody wants it to be.
 *
 * @param secret which shall sign from now on; empty for the one that stands, or a new one
 * @param rotate whether a new one shall be made
 */
record WantedWebhook(
    URI url,
    List<String> events,
    List<String> rooms,
    Optional<String> secret,
    boolean rotate,
    boolean enabled) {

  /**
   * @param http whether workers call by plain http
   */
  static Parsed<WantedWebhook> parse(ObjectNode json, boolean http) {
    var faults = new Faults();
    Optional<URI> url = url(json.path("url"));
    if (url.isPresent() && !http && !url.get().getScheme().equalsIgnoreCase("https")) {
      faults.add(
          "url", "must be https: plain http is called only where PARTYLINE_WEBHOOK_HTTP is true");
    }
    if (url.isEmpty()) {
      faults.add(
          "url",
          "must be an https or http URL of at most "
              + Limits.WEBHOOK_URL_CHARS
              + " characters, with a host, without user, password and fragment");
    }
    List<String> events = patterns(json.path("events"), "events", Webhook::isEventPattern, faults);
    List<String> rooms = patterns(json.path("rooms"), "rooms", Webhook::isRoomPattern, faults);
    JsonNode secret = json.path("secret");
    if (!secret.isMissingNode() && !WebhookSecret.isOne(secret.asText())) {
      faults.add(
          "secret",
          "must be whsec_ and "
              + Limits.WEBHOOK_SECRET_BYTES_MIN
              + " to "
              + Limits.WEBHOOK_SECRET_BYTES_MAX
              + " bytes in base64, or left out");
    }
    boolean rotate = flag(json, "rotate", false, faults);
    boolean enabled = flag(json, "enabled", true, faults);
    return faults
        .problem()
        .map(Parsed::<WantedWebhook>bad)
        .orElseGet(() ->
            Parsed.good(
                new WantedWebhook(
                    url.orElseThrow(),
                    events.isEmpty() ? List.of("*") : events,
                    rooms,
                    Optional.of(secret.asText("")).filter(text -> !text.isEmpty()),
                    rotate,
                    enabled)));
  }

  private static Optional<URI> url(JsonNode value) {
    String text = value.asText("");
    if (!value.isTextual() || text.length() > Limits.WEBHOOK_URL_CHARS) {
      return Optional.empty();
    }
    try {
      var url = new URI(new URI(text).toASCIIString());
      String scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
      boolean good =
          (scheme.equals("https") || scheme.equals("http"))
              && url.getHost() != null
              && url.getRawUserInfo() == null
              && url.getRawFragment() == null
              && url.getPort() <= 65_535;
      return good ? Optional.of(url) : Optional.empty();
    } catch (URISyntaxException noUrl) {
      return Optional.empty();
    }
  }

  private static List<String> patterns(
      JsonNode value, String field, Predicate<String> isOne, Faults faults) {
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    var patterns = new ArrayList<String>();
    value.forEach(pattern -> patterns.add(pattern.asText("")));
    if (!value.isArray()
        || patterns.size() > Limits.WEBHOOK_FILTERS
        || !patterns.stream().allMatch(isOne)) {
      faults.add(
          field,
          "must be a list of at most "
              + Limits.WEBHOOK_FILTERS
              + " names, or of how they begin with * at the end");
    }
    return patterns;
  }

  private static boolean flag(ObjectNode json, String field, boolean preset, Faults faults) {
    JsonNode value = json.path(field);
    if (!value.isMissingNode() && !value.isBoolean()) {
      faults.add(field, "must be true or false");
    }
    return value.asBoolean(preset);
  }

  /** What becomes of the one that stands. */
  Webhook of(String name, Optional<Webhook> kept, Instant now) {
    Optional<String> disabled = enabled ? Optional.empty() : Optional.of(Webhook.BY_THE_SITE);
    var next =
        new Webhook(
            name,
            url,
            events,
            rooms,
            kept.map(Webhook::secrets).orElse(List.of()),
            disabled,
            kept.map(Webhook::createdAt).orElse(now));
    if (secret.isPresent()) {
      boolean stands =
          kept.filter(webhook -> webhook.secrets().getFirst().text().equals(secret.get()))
              .isPresent();
      return stands ? next : next.signedBy(WebhookSecret.standing(secret.get()), now);
    }
    return rotate || kept.isEmpty() ? next.signedBy(WebhookSecret.random(), now) : next;
  }
}
