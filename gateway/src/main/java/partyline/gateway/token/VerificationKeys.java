package partyline.gateway.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import java.util.List;
import java.util.Optional;

/**
 * The keys that tokens may be signed with.
 *
 * <p>Thread-safe, and never waits for a file or a network: event loops ask.
 */
public interface VerificationKeys {

  /**
   * Every key that goes by this name: more than one while keys are replaced, or when two issuers
   * chose the same name.
   *
   * @param id the token's {@code kid}; empty if it names none
   */
  List<VerificationKey> find(Optional<String> id);

  /**
   * A key, bound to its one algorithm: a token that asks for another one is refused, else a public
   * key could be used as a shared secret.
   */
  record VerificationKey(JWSAlgorithm algorithm, JWSVerifier verifier, Issuer issuer) {}

  /** Who vouches with a key, and what its tokens must therefore say. */
  sealed interface Issuer {

    /** The cluster itself, for guests only. */
    record Cluster() implements Issuer {}

    /**
     * A site, for its members and its own backend.
     *
     * @param iss what stands in its tokens as {@code iss}; empty if it does not matter
     * @param aud what stands among others in {@code aud}; empty if it does not matter
     */
    record Site(Optional<String> iss, Optional<String> aud) implements Issuer {
      public static final Site ANY = new Site(Optional.empty(), Optional.empty());
    }
  }
}
