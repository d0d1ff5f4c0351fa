package partyline.gateway.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import partyline.room.Author;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.UserId;

/**
 * Tickets: what stands in the URL of a native EventSource, which can't send headers. A URL ends up
 * in logs, so a ticket is worth little there: it opens one stream, of these rooms, to pages of this
 * origin, only if it was used soon after it was made, and it changes nothing.
 *
 * <p>It is {@code <claims>.<HMAC>}, both in base64url, under a key derived from the shared secret
 * and used for nothing else. Two parts, so that it can't be taken for a JWT. Thread-safe.
 */
public final class Tickets {

  private static final String PURPOSE = "partyline tickets, version 1";
  private static final int ID_BYTES = 15;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  /** The first signs. */
  private final List<byte[]> keys;

  private final SecureRandom random = new SecureRandom();

  public Tickets(KeysConfig config) {
    keys =
        Stream.concat(Stream.of(config.secret()), config.otherSecret().stream())
            .map(secret -> SharedSecret.derive(secret, PURPOSE))
            .toList();
  }

  /**
   * What a ticket says.
   *
   * @param id notes that it was used
   * @param rooms the ones it opens; none if the stream names none either
   * @param origin of the page that asked for it; empty if it was no page
   * @param useBy when it must have been used for the first time
   */
  public record Ticket(
      String id, Caller caller, List<RoomId> rooms, Optional<String> origin, Instant useBy) {
    public Ticket {
      rooms = List.copyOf(rooms);
    }

    /** How long that it was used must be remembered. */
    public Duration rest(Instant now) {
      return Duration.between(now, caller.expiresAt().plus(Limits.TOKEN_LEEWAY));
    }
  }

  /** A JWT, which has no business in a URL, by its three parts. */
  public static boolean isToken(String text) {
    return text.chars().filter(c -> c == '.').count() == 2;
  }

  /** For a caller who is who they say; empty if it would be too long for a URL. */
  public Optional<String> issue(
      Caller caller, List<RoomId> rooms, Optional<String> origin, Instant now) {
    var id = new byte[ID_BYTES];
    random.nextBytes(id);
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("id", ENCODER.encodeToString(id))
        .put("by", now.plus(Limits.TICKET_USED_WITHIN).getEpochSecond())
        .put("sub", caller.id().value())
        .put("name", caller.name())
        .put("kind", caller.kind().name())
        .put("iat", caller.issuedAt().getEpochSecond())
        .put("exp", caller.expiresAt().getEpochSecond());
    caller.avatar().ifPresent(avatar -> json.put("avatar", avatar));
    origin.ifPresent(page -> json.put("origin", page));
    var named = json.putArray("rooms");
    rooms.forEach(room -> named.add(room.value()));
    var grants = json.putArray("grants");
    caller.grants().stream()
        .filter(grant -> rooms.isEmpty() || rooms.stream().anyMatch(grant::covers))
        .forEach(grant -> grants.add(grant.json()));
    String claims = ENCODER.encodeToString(Json.line(json).getBytes(StandardCharsets.UTF_8));
    String ticket = claims + "." + ENCODER.encodeToString(mac(keys.getFirst(), claims));
    return Optional.of(ticket).filter(text -> text.length() <= Limits.TICKET_BYTES);
  }

  /** What it says, if one of us made it; whether it is still good is another matter. */
  public Optional<Ticket> read(String text) {
    int dot = text.indexOf('.');
    if (dot < 0 || text.length() > Limits.TICKET_BYTES) {
      return Optional.empty();
    }
    String claims = text.substring(0, dot);
    try {
      byte[] mac = Base64.getUrlDecoder().decode(text.substring(dot + 1));
      return keys.stream().anyMatch(key -> MessageDigest.isEqual(mac(key, claims), mac))
          ? Optional.of(ticket(Json.MAPPER.readTree(Base64.getUrlDecoder().decode(claims))))
          : Optional.empty();
    } catch (IllegalArgumentException | JsonProcessingException notOurs) {
      return Optional.empty();
    } catch (java.io.IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  private static Ticket ticket(JsonNode json) {
    var caller =
        new Caller(
            new UserId(json.path("sub").asText()),
            json.path("name").asText(),
            text(json.path("avatar")),
            Author.Kind.valueOf(json.path("kind").asText()),
            Instant.ofEpochSecond(json.path("iat").asLong()),
            Instant.ofEpochSecond(json.path("exp").asLong()),
            RoomGrant.parse(json.path("grants")).orElse(List.of()));
    return new Ticket(
        json.path("id").asText(),
        caller,
        StreamSupport.stream(json.path("rooms").spliterator(), false)
            .map(room -> new RoomId(room.asText()))
            .toList(),
        text(json.path("origin")),
        Instant.ofEpochSecond(json.path("by").asLong()));
  }

  private static Optional<String> text(JsonNode value) {
    return value.isTextual() ? Optional.of(value.textValue()) : Optional.empty();
  }

  private static byte[] mac(byte[] key, String claims) {
    return SharedSecret.hmac(key, claims.getBytes(StandardCharsets.US_ASCII));
  }
}
