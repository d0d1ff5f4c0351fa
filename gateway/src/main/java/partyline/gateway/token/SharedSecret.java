package partyline.gateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
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
 */
public final class SharedSecret implements VerificationKeys {

  static final String GUEST_KEY_ID = "partyline-guest";

  private final VerificationKey site;
  private final VerificationKey guests;
  private final JWSSigner guestSigner;

  public SharedSecret(Secret secret) {
    byte[] guestSecret = derive(secret.bytes(), "partyline guest tokens, version 1");
    try {
      site = key(new MACVerifier(secret.bytes()), Issuer.SITE);
      guests = key(new MACVerifier(guestSecret), Issuer.CLUSTER);
      guestSigner = new MACSigner(guestSecret);
    } catch (JOSEException tooShort) {
      throw new IllegalArgumentException("a secret for HS256 has at least 32 bytes", tooShort);
    }
  }

  @Override
  public Optional<VerificationKey> find(Optional<String> id) {
    if (id.isEmpty()) {
      return Optional.of(site);
    }
    return id.get().equals(GUEST_KEY_ID) ? Optional.of(guests) : Optional.empty();
  }

  JWSSigner guestSigner() {
    return guestSigner;
  }

  private static VerificationKey key(JWSVerifier verifier, Issuer issuer) {
    return new VerificationKey(JWSAlgorithm.HS256, verifier, issuer);
  }

  /** One HMAC is all of HKDF that a uniform secret and a single block of output need. */
  private static byte[] derive(byte[] secret, String purpose) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return mac.doFinal(purpose.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
