package partyline.gateway.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * All that was ever appended, with what became of it; the small model that clients are judged by.
 */
final class ModelTruth {

  private static final long NEVER = Long.MAX_VALUE;

  private final List<Said> said = new ArrayList<>();
  private final AtomicLong time;

  ModelTruth() {
    this(new AtomicLong());
  }

  private ModelTruth(AtomicLong time) {
    this.time = time;
  }

  /** That of another log, in which nothing happens at the same time as in this one. */
  ModelTruth beside() {
    return new ModelTruth(time);
  }

  /** One event. */
  static final class Said {
    private final EventId id;
    private final RoomId room;
    private final long at;
    private long lostAt = NEVER;
    private boolean erased;

    private Said(EventId id, RoomId room, long at) {
      this.id = id;
      this.room = room;
      this.at = at;
    }

    EventId id() {
      return id;
    }

    RoomId room() {
      return room;
    }

    long at() {
      return at;
    }

    long lostAt() {
      return lostAt;
    }

    boolean isLost() {
      return lostAt != NEVER;
    }

    boolean isErased() {
      return erased;
    }

    void erase() {
      erased = true;
    }

    @Override
    public String toString() {
      return id + " of " + room;
    }
  }

  /** A time of its own for everything that happens. */
  long now() {
    return time.incrementAndGet();
  }

  void appended(EventId id, RoomId room) {
    said.add(new Said(id, room, now()));
  }

  /** Redis has no more than what it had at this id. */
  void lostAfter(EventId branch) {
    long at = now();
    for (Said each : said) {
      if (!each.isLost() && each.id.isAfter(branch)) {
        each.lostAt = at;
      }
    }
  }

  List<Said> said() {
    return said;
  }

  List<Said> kept() {
    return said.stream().filter(each -> !each.isLost() && !each.isErased()).toList();
  }
}
