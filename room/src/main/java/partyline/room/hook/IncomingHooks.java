package partyline.room.hook;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.Limits;

/**
 * Where others may say something in rooms.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * partyline.room.LogUnavailable} only. Then it may have been done, and asking again is harmless.
 */
public interface IncomingHooks {

  CompletionStage<Optional<IncomingHook>> find(String name);

  /** By what the caller knows of it. */
  CompletionStage<Optional<IncomingHook>> findByToken(String tokenHash);

  /**
   * Sets one up, or in place of the one of its name, whose token then leads nowhere unless it is
   * the same.
   *
   * @return false if there are {@link Limits#INCOMING_HOOKS} already
   */
  CompletionStage<Boolean> put(IncomingHook hook);

  /** False if there is none. */
  CompletionStage<Boolean> remove(String name);
}
