package partyline.gateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import partyline.room.Author;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.UserId;

/** Makes guests: a random identity and the token that proves it. Thread-safe. */
public final class GuestTokens {

  private static final int RANDOM_BYTES = 12;

  private final SharedSecret secret;
  private final SecureRandom random = new SecureRandom();

  public GuestTokens(SharedSecret secret) {
    this.secret = secret;
  }

  public record Guest(String token, Caller caller) {}

  /** A guest who never was here before, for as long as a token may live. */
  public Guest create(String name, Instant now) {
    var bytes = new byte[RANDOM_BYTES];
    random.nextBytes(bytes);
    var id = new UserId("guest:" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    var issuedAt = Instant.ofEpochSecond(now.getEpochSecond());
    var expiresAt = issuedAt.plus(Limits.TOKEN_LIFE);
    var claims =
        Json.MAPPER
            .createObjectNode()
            .put("sub", id.value())
            .put("name", name)
            .put("iat", issuedAt.getEpochSecond())
            .put("exp", expiresAt.getEpochSecond());
    var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(SharedSecret.GUEST_KEY_ID).build();
    var signed = new JWSObject(header, new Payload(Json.line(claims)));
    try {
      signed.sign(secret.guestSigner());
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
    return new Guest(
        signed.serialize(),
        new Caller(id, name, Optional.empty(), Author.Kind.GUEST, issuedAt, expiresAt, List.of()));
  }
}
