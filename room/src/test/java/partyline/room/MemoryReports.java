package partyline.room;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The contract in memory, on a clock that tests move by hand. */
public final class MemoryReports implements Reports {

  private final InstantSource clock;

  // Guarded by this.
  private final Map<RoomId, NavigableMap<Long, Report>> rooms = new HashMap<>();
  private final Map<RoomId, Long> last = new HashMap<>();
  private final Map<UserId, Hour> hours = new HashMap<>();

  private record Hour(Instant begun, int complaints) {
    Duration left(Instant now) {
      return Duration.between(now, begun.plus(Duration.ofHours(1)));
    }
  }

  public MemoryReports(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized CompletionStage<Filing> file(RoomId room, Complaint complaint) {
    return CompletableFuture.completedFuture(filed(room, complaint));
  }

  private Filing filed(RoomId room, Complaint complaint) {
    Instant now = clock.instant();
    NavigableMap<Long, Report> reports = of(room);
    for (Report one : reports.values()) {
      if (one.complaint().message().equals(complaint.message())
          && one.complaint().by().equals(complaint.by())) {
        return new Filing.Filed(one, false);
      }
    }
    if (reports.values().stream().filter(MemoryReports::isOpen).count()
        >= Limits.REPORTS_OPEN_PER_ROOM) {
      return new Filing.Full();
    }
    Hour hour = hours.getOrDefault(complaint.by(), new Hour(now, 0));
    hour = hour.left(now).isPositive() ? hour : new Hour(now, 0);
    if (hour.complaints() >= Limits.REPORTS_PER_USER_HOUR) {
      return new Filing.Limited(hour.left(now));
    }
    hours.put(complaint.by(), new Hour(hour.begun(), hour.complaints() + 1));
    var report = new Report(last.merge(room, 1L, Long::sum), complaint, now, Optional.empty());
    reports.put(report.number(), report);
    return new Filing.Filed(report, true);
  }

  @Override
  public synchronized CompletionStage<List<Report>> list(
      RoomId room, boolean open, long after, int limit) {
    Asked.within(limit, 1, Limits.REPORTS_PAGE);
    return CompletableFuture.completedFuture(
        of(room).tailMap(after, false).values().stream()
            .filter(one -> isOpen(one) == open)
            .limit(limit)
            .toList());
  }

  @Override
  public synchronized CompletionStage<Optional<Report>> settle(
      RoomId room, long number, State state, UserId by) {
    NavigableMap<Long, Report> reports = of(room);
    Report was = reports.get(number);
    if (was == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    var settled = new Settled(state, by, clock.instant());
    var report = new Report(number, was.complaint(), was.at(), Optional.of(settled));
    reports.put(number, report);
    List<Long> all =
        reports.values().stream().filter(one -> !isOpen(one)).map(Report::number).toList();
    if (all.size() > Limits.REPORTS_SETTLED_PER_ROOM) {
      reports.remove(all.getFirst());
    }
    return CompletableFuture.completedFuture(Optional.of(report));
  }

  private NavigableMap<Long, Report> of(RoomId room) {
    return rooms.computeIfAbsent(room, none -> new TreeMap<>());
  }

  private static boolean isOpen(Report report) {
    return report.settled().isEmpty();
  }
}
