package partyline.gateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import partyline.room.Author;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.UserId;

/**
 * Makes guests: a random identity and the token that proves it. Thread-safe.
 *
 * <p>An identity holds, for those alone who have the secret, which household it was made in: the
 * keyed hash of an address, hidden by a keyed hash of the random part. So who bans a guest can bar
 * the next one from there, and nobody sees whether two guests come from one place.
 */
public final class GuestTokens {

  private static final int RANDOM_BYTES = 12;
  private static final String PREFIX = "guest:";

  /** No guest is called so. */
  private static final String HOUSEHOLD = PREFIX + "*";

  private final SharedSecret secret;
  private final SecureRandom random = new SecureRandom();

  public GuestTokens(SharedSecret secret) {
    this.secret = secret;
  }

  public record Guest(String token, Caller caller) {}

  /**
   * A guest who never was here before, for as long as a token may live.
   *
   * @param household what is common to all addresses of one
   */
  public Guest create(String name, byte[] household, Instant now) {
    var drawn = new byte[RANDOM_BYTES];
    random.nextBytes(drawn);
    byte[] hidden = xor(hash(household), mask(drawn));
    byte[] all = Arrays.copyOf(drawn, drawn.length + hidden.length);
    System.arraycopy(hidden, 0, all, drawn.length, hidden.length);
    var id = new UserId(PREFIX + text(all));
    var issuedAt = Instant.ofEpochSecond(now.getEpochSecond());
    return signed(id, name, issuedAt, issuedAt.plus(Limits.TOKEN_LIFE));
  }

  /** The same guest under another name, for as long as they had. */
  public Guest rename(Caller guest, String name, Instant now) {
    return signed(guest.id(), name, Instant.ofEpochSecond(now.getEpochSecond()), guest.expiresAt());
  }

  /** A user that nobody is, whose ban bars a household from making guests. */
  public UserId household(byte[] household) {
    return new UserId(HOUSEHOLD + text(hash(household)));
  }

  /** The same for the household in which a guest was made; empty for who was not made here. */
  public Optional<UserId> householdOf(UserId guest) {
    if (!guest.isGuest()) {
      return Optional.empty();
    }
    byte[] all;
    try {
      all = Base64.getUrlDecoder().decode(guest.value().substring(PREFIX.length()));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
    if (all.length != RANDOM_BYTES + SharedSecret.HOUSEHOLD_BYTES) {
      return Optional.empty();
    }
    byte[] mask = mask(Arrays.copyOf(all, RANDOM_BYTES));
    byte[] hidden = Arrays.copyOfRange(all, RANDOM_BYTES, all.length);
    return Optional.of(new UserId(HOUSEHOLD + text(xor(hidden, mask))));
  }

  private byte[] hash(byte[] household) {
    return secret.householdMac("household", household);
  }

  private byte[] mask(byte[] drawn) {
    return secret.householdMac("mask", drawn);
  }

  private static byte[] xor(byte[] one, byte[] other) {
    var both = new byte[one.length];
    for (int i = 0; i < one.length; i++) {
      both[i] = (byte) (one[i] ^ other[i]);
    }
    return both;
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private Guest signed(UserId id, String name, Instant issuedAt, Instant expiresAt) {
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
