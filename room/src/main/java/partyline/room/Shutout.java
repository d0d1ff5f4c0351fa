package partyline.room;

import java.time.Instant;
import java.util.Optional;

/** What keeps a person out of the whole site, or no longer does. */
public sealed interface Shutout {

  UserId user();

  /** Tokens issued up to this second are worth nothing any more. */
  record Revoked(UserId user, Instant upTo) implements Shutout {}

  /**
   * Whatever their token says.
   *
   * @param until empty if it has no end
   */
  record Banned(UserId user, Optional<Instant> until) implements Shutout {}

  /** The ban is over before its time; revoked tokens stay revoked. */
  record Readmitted(UserId user) implements Shutout {}
}
