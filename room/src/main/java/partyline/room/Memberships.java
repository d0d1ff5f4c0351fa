package partyline.room;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Which rooms somebody belongs to, as it stands with them. Rooms have the last word on that: what
 * is found here is looked at there before anything of it is shown.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only.
 */
public interface Memberships {

  /** The last they came to first, {@link Limits#ROOMS_FOLLOWED_PER_STREAM} at most. */
  CompletionStage<List<RoomId>> of(UserId user);
}
