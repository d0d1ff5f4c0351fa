package partyline.gateway.token;

import java.util.List;
import java.util.Optional;
import partyline.gateway.token.VerificationKeys.Issuer;
import partyline.room.Settings.Secret;

/**
 * Whom a node believes.
 *
 * @param secret shared by the site and all nodes: signs guests and tickets, and checks HS256
 * @param otherSecret accepted as well while one is replaced by the other
 * @param site what tokens must say; a set of keys may ask for something else
 * @param keySets where public keys are kept
 */
public record KeysConfig(
    Secret secret, Optional<Secret> otherSecret, Issuer.Site site, List<KeySetPlace> keySets) {

  public KeysConfig {
    keySets = List.copyOf(keySets);
  }

  public SharedSecret sharedSecret() {
    return new SharedSecret(secret, otherSecret, site);
  }
}
