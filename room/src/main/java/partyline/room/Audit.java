package partyline.room;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Who did what to whom: acts of moderators in rooms, and acts of the site itself. The last {@link
 * Limits#AUDIT_ENTRIES} are kept. They hold ids and reasons, never what somebody wrote.
 *
 * <p>Thread-safe; stages complete on an I/O thread that must not be blocked, and fail with {@link
 * LogUnavailable} only. Whether a failed note was taken is unknown.
 */
public interface Audit {

  /** Notes an act that is in no log. */
  CompletionStage<Void> note(Act act);

  /**
   * Notes acts that are events of the log, in its order; under the lease of the one job that does.
   * An event that was noted before is passed over, so doing it again does no harm.
   */
  CompletionStage<JobLedger.Outcome> note(Lease lease, List<Happened> acts);

  /**
   * Newest first.
   *
   * @param before only older ones
   * @param limit 1 to {@link Limits#LIST_PAGE}
   */
  CompletionStage<List<Entry>> page(Optional<EventId> before, int limit);

  /** Leaves of what somebody did that they did it: neither their name nor their reasons. */
  CompletionStage<Void> forget(UserId user);

  /**
   * @param type what was done, a dotted word
   * @param by who did it; {@code name} as they were called then, empty once they are forgotten
   * @param subject whom or what it was done to: a user, a message, a webhook
   * @param details JSON object on one line
   */
  record Act(
      String type,
      UserId by,
      String name,
      Optional<RoomId> room,
      Optional<String> subject,
      String details) {

    /** One of the site's, beyond any room. */
    public static Act ofSite(String type, Author by, String subject, String details) {
      return new Act(type, by.id(), by.name(), Optional.empty(), Optional.of(subject), details);
    }
  }

  /** An act, and the event that it was. */
  record Happened(EventId event, Instant at, Act act) {}

  /**
   * @param id an order token of the audit alone
   * @param event empty for what is in no log
   */
  record Entry(EventId id, Instant at, Optional<EventId> event, Act act) {}
}
