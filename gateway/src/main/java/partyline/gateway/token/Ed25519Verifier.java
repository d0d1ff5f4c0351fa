package partyline.gateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.impl.BaseJWSProvider;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;
import java.util.Set;

/** EdDSA over Ed25519 with what the JDK brings; the library's own wants another library. */
final class Ed25519Verifier extends BaseJWSProvider implements JWSVerifier {

  private static final int KEY_BYTES = 32;

  /** RFC 8410: a SubjectPublicKeyInfo of Ed25519, up to the 32 bytes of the key. */
  private static final byte[] SPKI = HexFormat.of().parseHex("302a300506032b6570032100");

  private final PublicKey key;

  /**
   * @param x the public key as RFC 8037 has it: 32 bytes
   */
  Ed25519Verifier(byte[] x) throws GeneralSecurityException {
    super(Set.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519));
    if (x.length != KEY_BYTES) {
      throw new GeneralSecurityException("a key of Ed25519 has " + KEY_BYTES + " bytes");
    }
    byte[] encoded = new byte[SPKI.length + KEY_BYTES];
    System.arraycopy(SPKI, 0, encoded, 0, SPKI.length);
    System.arraycopy(x, 0, encoded, SPKI.length, KEY_BYTES);
    key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
  }

  @Override
  public boolean verify(JWSHeader header, byte[] signingInput, Base64URL signature)
      throws JOSEException {
    try {
      var verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(signingInput);
      return verifier.verify(signature.decode());
    } catch (SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException unusable) {
      throw new JOSEException(unusable);
    }
  }
}
