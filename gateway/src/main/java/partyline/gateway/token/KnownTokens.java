package partyline.gateway.token;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import partyline.room.Limits;

/**
 * Tokens that were verified lately. Nine posts of ten come under a token that was just seen, and
 * checking a signature costs more than the whole rest of a post.
 *
 * <p>Only good tokens are remembered, so a flood of bad ones pushes nobody out, and only until they
 * end. Thread-safe; at most {@link Limits#KNOWN_TOKENS}, the longest unused goes first.
 */
public final class KnownTokens {

  private final TokenVerifier verifier;
  private final Map<String, Verdict.Valid> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Verdict.Valid> eldest) {
          return size() > Limits.KNOWN_TOKENS;
        }
      };

  public KnownTokens(TokenVerifier verifier) {
    this.verifier = verifier;
  }

  /** What {@link TokenVerifier#verify} says. */
  public Verdict verify(String token, Instant now) {
    synchronized (known) {
      Verdict.Valid valid = known.get(token);
      if (valid != null && isStillGood(valid.caller(), now)) {
        return valid;
      }
      known.remove(token);
    }
    Verdict verdict = verifier.verify(token, now);
    if (verdict instanceof Verdict.Valid valid) {
      synchronized (known) {
        known.put(token, valid);
      }
    }
    return verdict;
  }

  private static boolean isStillGood(Caller caller, Instant now) {
    return caller.expiresAt().plus(Limits.TOKEN_LEEWAY).isAfter(now);
  }
}
