package partyline.room;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What people report of messages, queued for who moderates the room.
 *
 * <p>In no log: everybody who reads the room would be told who reported whom. A report names its
 * message and repeats nothing of it, so it holds no text that was deleted. One person reports one
 * message once; to say it again finds what became of it.
 *
 * <p>Open ones are bounded ({@link Limits#REPORTS_OPEN_PER_ROOM}), and of the settled ones the last
 * {@link Limits#REPORTS_SETTLED_PER_ROOM} are kept. So nobody can fill Redis by complaining.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only. Then it may have been done, and asking again is harmless.
 */
public interface Reports {

  /** What became of it. */
  enum State {
    OPEN,
    RESOLVED,
    DISMISSED;

    /** As it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is complained of.
   *
   * @param reason in the words of who reports
   */
  record Complaint(EventId message, UserId by, String name, Optional<String> reason) {}

  /**
   * @param number 1, 2, 3… within the room
   * @param settled empty while it is open
   */
  record Report(long number, Complaint complaint, Instant at, Optional<Settled> settled) {

    public State state() {
      return settled.map(Settled::state).orElse(State.OPEN);
    }
  }

  /** How it ended, and by whose decision. */
  record Settled(State state, UserId by, Instant at) {}

  /** What becomes of a complaint. */
  sealed interface Filing {

    /**
     * @param fresh false if they had reported this message before
     */
    record Filed(Report report, boolean fresh) implements Filing {}

    /** There are as many open ones as a room can have. */
    record Full() implements Filing {}

    /** They report more than {@link Limits#REPORTS_PER_USER_HOUR}. */
    record Limited(Duration retryAfter) implements Filing {}
  }

  CompletionStage<Filing> file(RoomId room, Complaint complaint);

  /**
   * Open ones from the oldest on, or settled ones.
   *
   * @param after only those with higher numbers
   * @param limit 1 to {@link Limits#REPORTS_PAGE}
   */
  CompletionStage<List<Report>> list(RoomId room, boolean open, long after, int limit);

  /**
   * Ends a report, or ends it otherwise than before.
   *
   * @param state not {@link State#OPEN}
   * @return as it is then; empty if there is none with this number
   */
  CompletionStage<Optional<Report>> settle(RoomId room, long number, State state, UserId by);
}
