package partyline.gateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import partyline.room.Settings.Secret;

/**
 * HS256 with the secret that site and cluster share.
 *
 * <p>Guests are signed with a key derived from it and named in {@code kid}. So no token that a site
 * signs can be taken for a guest's, nor a guest's for a member's, whatever stands in its claims,
 * and there is only one secret to hand out.
 *
 * <p>Two secrets may be good at once, so that one can replace the other without a moment in which
 * some node refuses what another has signed: first every node accepts the new one as well, then
 * every node and the site sign with it, then the old one goes.
 */
public final class SharedSecret implements VerificationKeys {

  static final String GUEST_KEY_ID = "partyline-guest";
  static final int HOUSEHOLD_BYTES = 6;

  private final List<VerificationKey> site = new ArrayList<>(2);
  private final List<VerificationKey> guests = new ArrayList<>(2);
  private final JWSSigner guestSigner;
  private final byte[] householdKey;

  public SharedSecret(Secret secret) {
    this(secret, Optional.empty(), Issuer.Site.ANY);
  }

  /**
   * @param other accepted as well; nothing is signed with it here
   * @param issuer what tokens of the site must say
   */
  public SharedSecret(Secret secret, Optional<Secret> other, Issuer.Site issuer) {
    try {
      accept(secret, issuer);
      if (other.isPresent()) {
        accept(other.get(), issuer);
      }
      guestSigner = new MACSigner(guestSecret(secret));
      householdKey = derive(secret, "partyline guest households, version 1");
    } catch (JOSEException tooShort) {
      throw new IllegalArgumentException("a secret for HS256 has at least 32 bytes", tooShort);
    }
  }

  private void accept(Secret secret, Issuer.Site issuer) throws JOSEException {
    site.add(key(new MACVerifier(secret.bytes()), issuer));
    guests.add(key(new MACVerifier(guestSecret(secret)), new Issuer.Cluster()));
  }

  @Override
  public List<VerificationKey> find(Optional<String> id) {
    if (id.isEmpty()) {
      return site;
    }
    return id.get().equals(GUEST_KEY_ID) ? guests : List.of();
  }

  JWSSigner guestSigner() {
    return guestSigner;
  }

  /** Six bytes that say nothing to who has no key. */
  byte[] householdMac(String purpose, byte[] of) {
    byte[] text =
        Arrays.copyOf(purpose.getBytes(StandardCharsets.UTF_8), purpose.length() + of.length);
    System.arraycopy(of, 0, text, purpose.length(), of.length);
    return Arrays.copyOf(hmac(householdKey, text), HOUSEHOLD_BYTES);
  }

  private static VerificationKey key(JWSVerifier verifier, Issuer issuer) {
    return new VerificationKey(JWSAlgorithm.HS256, verifier, issuer);
  }

  private static byte[] guestSecret(Secret secret) {
    return derive(secret, "partyline guest tokens, version 1");
  }

  /** One HMAC is all of HKDF that a uniform secret and a single block of output need. */
  static byte[] derive(Secret secret, String purpose) {
    return hmac(secret.bytes(), purpose.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] hmac(byte[] key, byte[] text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
