package partyline.room;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Long work that the site asked for, of one person: done by a worker, step by step, and seen by who
 * asked. A step that was done but not noted is done again, so each can be repeated; and a worker
 * that dies leaves the next one where to go on.
 *
 * <p>Ended ones are kept for {@link Limits#ERRAND_KEPT}, with what came of them.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only. Whether a failed call took effect is unknown, and asking again is harmless.
 */
public interface Errands {

  enum Kind {
    /** All that somebody wrote, as lines of JSON. */
    EXPORT,
    /** Nothing that somebody wrote stays, and not their name. */
    ERASE,
    /** What somebody wrote is deleted, as a moderator would. */
    PURGE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  enum State {
    WAITING,
    RUNNING,
    DONE,
    FAILED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public boolean isEnd() {
      return this == DONE || this == FAILED;
    }
  }

  /**
   * @param id nobody guesses it
   * @param last only what is of this time before it was asked for; empty = all
   * @param place where the next step begins, in words of who does it; empty at the beginning
   * @param done messages written down, or erased
   * @param chunks of what came of it
   * @param reason why it failed; empty otherwise
   */
  record Errand(
      String id,
      Kind kind,
      UserId user,
      Instant at,
      Optional<Duration> last,
      State state,
      String place,
      long done,
      int chunks,
      String reason) {

    public Errand at(String next, long more) {
      return new Errand(id, kind, user, at, last, State.RUNNING, next, done + more, chunks, reason);
    }

    /** With one more chunk of what comes of it. */
    public Errand grown() {
      return new Errand(id, kind, user, at, last, state, place, done, chunks + 1, reason);
    }

    public Errand ended() {
      return new Errand(id, kind, user, at, last, State.DONE, "", done, chunks, "");
    }

    public Errand failed(String why) {
      return new Errand(id, kind, user, at, last, State.FAILED, "", done, chunks, why);
    }
  }

  /**
   * Asks for it. Who asks again for what has not begun to end finds the same one.
   *
   * @param last only for what is of this time; empty for all
   * @return empty if {@link Limits#ERRANDS_WAITING} wait already
   */
  CompletionStage<Optional<Errand>> ask(Kind kind, UserId user, Optional<Duration> last);

  /** For all there is. */
  default CompletionStage<Optional<Errand>> ask(Kind kind, UserId user) {
    return ask(kind, user, Optional.empty());
  }

  CompletionStage<Optional<Errand>> find(String id);

  /** The one that waits longest, begun or not. */
  CompletionStage<Optional<Errand>> next();

  /** Notes how far it is; one that has ended waits no more, and stays as it ended. */
  CompletionStage<Void> note(Errand errand);

  /**
   * Keeps a part of what comes of it, by its number from 0 on; a second time it is replaced. Of one
   * that has ended nothing more is kept.
   */
  CompletionStage<Void> keep(String id, int chunk, String text, Duration time);

  CompletionStage<Optional<String>> chunk(String id, int chunk);

  /**
   * Takes entries of a room out of the log and of what the room holds, whoever asks for them.
   *
   * @param entries at most {@link Limits#LOG_PAGE_ENTRIES}
   */
  CompletionStage<Void> forgetEntries(RoomId room, List<EventId> entries);

  /**
   * What a room holds of somebody besides events: names in tombstones and reports, reasons of
   * theirs, markers.
   */
  CompletionStage<Void> forgetTraces(RoomId room, UserId user);

  /**
   * What is kept of somebody themselves, but for a ban; all that their inbox holds, and what was
   * written down of theirs.
   */
  CompletionStage<Void> forgetPerson(UserId user);
}
