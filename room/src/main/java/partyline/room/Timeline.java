package partyline.room;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last things that happened to a process, for people who ask what went on. Thread-safe. */
public final class Timeline {

  /**
   * @param kind one word: start, epoch, resync, rebalance, drain
   */
  public record Moment(Instant at, String kind, String what) {}

  private final InstantSource clock;
  private final Deque<Moment> moments = new ArrayDeque<>();

  public Timeline(InstantSource clock) {
    this.clock = clock;
  }

  public synchronized void add(String kind, String what) {
    moments.addLast(new Moment(clock.instant(), kind, what));
    if (moments.size() > Limits.TIMELINE_MOMENTS) {
      moments.removeFirst();
    }
  }

  /** The oldest first. */
  public synchronized List<Moment> moments() {
    return List.copyOf(moments);
  }
}
