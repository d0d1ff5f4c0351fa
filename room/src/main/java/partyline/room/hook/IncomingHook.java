package partyline.room.hook;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import partyline.room.Author;
import partyline.room.Json;
import partyline.room.RoomId;
import partyline.room.UserId;

/**
 * An address that says in a room what is posted to it. Whoever knows the token in the address may,
 * so it is kept as a hash alone and told once.
 *
 * @param name the site's own
 * @param title as whom it speaks
 * @param avatar an https link
 * @param tokenHash SHA-256 in hex
 */
public record IncomingHook(
    String name,
    RoomId room,
    String title,
    Optional<String> avatar,
    String tokenHash,
    Instant createdAt) {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int TOKEN_BYTES = 24;

  /** What goes into an address, and is known to nobody else. */
  public static String randomToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A bot of its own in the room. */
  public Author author() {
    return new Author(new UserId("hook:" + name), title, avatar, Author.Kind.BOT);
  }

  /** As it is kept. */
  public String toJson() {
    ObjectNode json = Json.MAPPER.createObjectNode().put("room", room.value());
    json.put("title", title);
    avatar.ifPresent(link -> json.put("avatar", link));
    json.put("token", tokenHash).put("created_at", createdAt.toEpochMilli());
    return Json.line(json);
  }

  /** Of {@link #toJson}; throws {@link IllegalArgumentException} for anything else. */
  public static IncomingHook parse(String name, String text) {
    JsonNode json;
    try {
      json = Json.MAPPER.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new IllegalArgumentException("the hook " + name + " can't be read", broken);
    }
    return new IncomingHook(
        name,
        new RoomId(json.path("room").asText()),
        json.path("title").asText(),
        json.has("avatar") ? Optional.of(json.path("avatar").asText()) : Optional.empty(),
        json.path("token").asText(),
        Instant.ofEpochMilli(json.path("created_at").asLong()));
  }
}
