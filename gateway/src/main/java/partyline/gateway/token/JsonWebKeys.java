package partyline.gateway.token;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.gateway.token.VerificationKeys.Issuer;
import partyline.gateway.token.VerificationKeys.VerificationKey;
import partyline.room.Limits;

/**
 * A set of public keys as RFC 7517 writes it, each bound to the one algorithm it is used with: RSA
 * to RS256, P-256 to ES256, Ed25519 to EdDSA.
 *
 * <p>What can't be used for that is passed over, as such sets hold keys for other purposes too:
 * among it shared secrets, which have no place in a file of public keys.
 */
record JsonWebKeys(List<NamedKey> keys) {

  static final JsonWebKeys NONE = new JsonWebKeys(List.of());

  private static final int RSA_BITS_MIN = 2_048;

  /** Checking a signature costs with the square of it. */
  private static final int RSA_BITS_MAX = 8_192;

  /** What can't be used at all; the message is for the operator. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    Unusable(String sentence) {
      super(sentence);
    }
  }

  /**
   * @param id the {@code kid}; only tokens without one may be signed with a key without one
   */
  record NamedKey(Optional<String> id, VerificationKey key) {}

  JsonWebKeys {
    keys = List.copyOf(keys);
  }

  static JsonWebKeys parse(String json, Issuer.Site issuer) throws Unusable {
    List<JWK> all;
    try {
      all = JWKSet.parse(json).getKeys();
    } catch (ParseException | IllegalArgumentException malformed) {
      throw new Unusable("this is no JSON Web Key Set ({\"keys\": […]})");
    }
    if (all.size() > Limits.JWKS_KEYS) {
      throw new Unusable("there are more than " + Limits.JWKS_KEYS + " keys in it");
    }
    var usable = new ArrayList<NamedKey>();
    for (JWK key : all) {
      if (isForSignatures(key)) {
        bound(key, issuer)
            .ifPresent(
                bound -> usable.add(new NamedKey(Optional.ofNullable(key.getKeyID()), bound)));
      }
    }
    if (usable.isEmpty()) {
      throw new Unusable(
          "there is no key for signatures of RS256 (2048 bits at least), ES256 or EdDSA"
              + " (Ed25519) in it");
    }
    return new JsonWebKeys(usable);
  }

  List<VerificationKey> find(Optional<String> id) {
    return keys.stream().filter(key -> key.id().equals(id)).map(NamedKey::key).toList();
  }

  private static boolean isForSignatures(JWK key) {
    boolean use = key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE);
    boolean operations =
        key.getKeyOperations() == null || key.getKeyOperations().contains(KeyOperation.VERIFY);
    return use && operations;
  }

  private static Optional<VerificationKey> bound(JWK key, Issuer.Site issuer) {
    try {
      return switch (key) {
        case RSAKey rsa -> rsa(rsa, issuer);
        case ECKey ec when ec.getCurve().equals(Curve.P_256) ->
            bound(ec, JWSAlgorithm.ES256, new ECDSAVerifier(ec.toECPublicKey()), issuer);
        case OctetKeyPair ed when ed.getCurve().equals(Curve.Ed25519) ->
            bound(
                ed,
                JWSAlgorithm.Ed25519.equals(ed.getAlgorithm())
                    ? JWSAlgorithm.Ed25519
                    : JWSAlgorithm.EdDSA,
                new Ed25519Verifier(ed.getDecodedX()),
                issuer);
        default -> Optional.empty();
      };
    } catch (JOSEException | GeneralSecurityException broken) {
      return Optional.empty();
    }
  }

  private static Optional<VerificationKey> rsa(RSAKey key, Issuer.Site issuer)
      throws JOSEException {
    RSAPublicKey rsa = key.toRSAPublicKey();
    int bits = rsa.getModulus().bitLength();
    return bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX
        ? bound(key, JWSAlgorithm.RS256, new RSASSAVerifier(rsa), issuer)
        : Optional.empty();
  }

  /** Unless the key itself says that it is for another algorithm. */
  private static Optional<VerificationKey> bound(
      JWK key, JWSAlgorithm algorithm, JWSVerifier verifier, Issuer.Site issuer) {
    Algorithm said = key.getAlgorithm();
    return said == null || said.equals(algorithm)
        ? Optional.of(new VerificationKey(algorithm, verifier, issuer))
        : Optional.empty();
  }
}
