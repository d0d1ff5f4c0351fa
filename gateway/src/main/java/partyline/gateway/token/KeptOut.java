package partyline.gateway.token;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import partyline.room.UserId;

/** Who is kept out of the whole site, as far as this node has heard. Thread-safe. */
public interface KeptOut {

  /** Empty if nothing is held against them. */
  Optional<ShutoutBook.Reason> refusal(Caller caller, Instant now);

  /** Whether a user is banned that no token speaks for. */
  boolean isBanned(UserId user, Instant now);

  /**
   * Called with whom something new is held against, after it is known: who opens a stream either
   * finds it, or is found by this. On any thread; must not block.
   */
  void whenShutOut(Consumer<UserId> listener);
}
