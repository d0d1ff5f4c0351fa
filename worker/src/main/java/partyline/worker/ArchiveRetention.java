package partyline.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import partyline.room.ArchiveUnavailable;
import partyline.room.ArchiveWriter;
import partyline.room.Claim;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.View;
import partyline.room.chat.RoomFields;
import partyline.room.chat.RoomSettings;

/**
 * Removes from the archive what is older than its room says, or than is said for all; one bounded
 * step a turn, room by room, and once a minute from the first room on.
 *
 * <p>No fence: what is too old is so for everybody, and two who remove it at once do no harm.
 */
final class ArchiveRetention implements Duty {

  private final RoomLog log;
  private final ArchiveWriter archive;
  private final Optional<Duration> everywhere;
  private final Counters counters;

  // Owned by the loop's thread.
  private final Deque<RoomId> due = new ArrayDeque<>();
  private Optional<RoomId> walked = Optional.empty();

  /**
   * @param everywhere how long rooms that don't say otherwise are kept; empty = as long as there is
   *     room for it
   */
  ArchiveRetention(
      RoomLog log, ArchiveWriter archive, Optional<Duration> everywhere, Counters counters) {
    this.log = log;
    this.archive = archive;
    this.everywhere = everywhere;
    this.counters = counters;
  }

  @Override
  public String job() {
    return "archive-retention";
  }

  @Override
  public void begin(Claim.Claimed claimed) {
    due.clear();
    walked = Optional.empty();
  }

  @Override
  public Optional<Duration> turn(Lease lease) throws Exception {
    try {
      RoomId room = due.peek();
      if (room == null) {
        return Optional.of(next());
      }
      if (!forgetSome(room)) {
        due.remove();
      }
      return Optional.of(Duration.ZERO);
    } catch (ArchiveUnavailable away) {
      throw new NotNow(String.valueOf(away.getMessage()), away);
    }
  }

  private Duration next() {
    List<RoomId> rooms = archive.rooms(walked, Limits.LIST_PAGE);
    due.addAll(rooms);
    if (!rooms.isEmpty()) {
      walked = Optional.of(rooms.getLast());
      return Duration.ZERO;
    }
    walked = Optional.empty();
    // Not sooner than the log has forgotten it too: a failover may bring a deleted room back.
    Instant before = Instant.now().minus(Limits.LOG_RETENTION_MAX);
    return archive.forgetDeletedRooms(before) > 0 ? Duration.ZERO : Limits.ARCHIVE_RETENTION_EVERY;
  }

  /** Whether there is more. Time is that of the log, by which it was said when they were said. */
  private boolean forgetSome(RoomId room) throws InterruptedException {
    View view = Await.answer(log.view(room, List.of(RoomFields.SETTINGS), List.of()));
    Optional<Duration> kept =
        view.field(RoomFields.SETTINGS)
            .map(RoomSettings::parse)
            .map(RoomSettings::retentionDays)
            .filter(days -> days > 0)
            .map(days -> Duration.ofDays(days))
            .or(() -> everywhere);
    if (kept.isEmpty()) {
      return false;
    }
    int removed = archive.forget(room, view.now().minus(kept.get()));
    counters.add(Count.HISTORY_TRIMMED, removed);
    return removed == Limits.ARCHIVE_STEP_ROWS;
  }
}
