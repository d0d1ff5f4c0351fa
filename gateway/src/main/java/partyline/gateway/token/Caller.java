package partyline.gateway.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import partyline.room.Author;
import partyline.room.UserId;

/**
 * Who is calling, as their token says; nothing else is evidence of it.
 *
 * @param name never empty; the user's id if the token has none
 * @param avatar an https link
 * @param expiresAt when the token ends; the leeway comes on top
 * @param claims all of the token, for what a later reader grants by it
 */
public record Caller(
    UserId id,
    String name,
    Optional<String> avatar,
    Author.Kind kind,
    Instant issuedAt,
    Instant expiresAt,
    JsonNode claims) {

  public Author author() {
    return new Author(id, name, avatar, kind);
  }

  /** Without the claims: they may hold what a site would not want in a log. */
  @Override
  public String toString() {
    return "Caller[" + id + "]";
  }
}
