package partyline.room;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What deleted rooms held, which is taken away once the log has forgotten that they were deleted:
 * then no job and no stream will ask for it any more.
 *
 * <p>That it was deleted stays known, and how far its ids and numbers went: its name is never given
 * out again.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only. Then some may be gone, and asking again is harmless.
 */
public interface DeletedRooms {

  /** Some whose time has come, the first deleted first. */
  CompletionStage<List<RoomId>> due();

  /**
   * Takes some of what a room held away, a bounded step.
   *
   * @return whether something is left
   */
  CompletionStage<Boolean> sweep(RoomId room);
}
