package partyline.gateway.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import java.util.Optional;

/**
 * The keys that tokens may be signed with. Today one shared secret; JWKS files, rotation and public
 * keys fit behind it.
 *
 * <p>Thread-safe, and never waits for a network: event loops ask.
 */
public interface VerificationKeys {

  /**
   * @param id the token's {@code kid}; empty if it names none
   */
  Optional<VerificationKey> find(Optional<String> id);

  /**
   * A key, bound to its one algorithm: a token that asks for another one is refused, else a public
   * key could be used as a shared secret.
   */
  record VerificationKey(JWSAlgorithm algorithm, JWSVerifier verifier, Issuer issuer) {}

  /** Who vouches with a key. */
  enum Issuer {
    /** The site, for its members and its own backend. */
    SITE,
    /** The cluster itself, for guests only. */
    CLUSTER
  }
}
