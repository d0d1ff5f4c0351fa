package partyline.deploy.load;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/** All lanes, and what they were answered. Thread-safe. */
final class Publishers implements AutoCloseable {
  private static final long HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final int SHOWN = 300;

  private final Shared shared;
  private final LoadPlan plan;
  private final Badges badges;

  Publishers(LoadPlan plan, String run, Badges badges) {
    this.plan = plan;
    this.shared = new Shared(plan, run);
    this.badges = badges;
  }

  Publishers start() {
    shared.begin();
    for (int i = 0; i < shared.schedule.lanes(); i++) {
      new Lane(i, shared, badges.lane(i)).start();
    }
    return this;
  }

  Posts posts() {
    return shared.posts();
  }

  /** Of what is not due yet nothing is posted any more. */
  void stop() {
    shared.messages = Math.min(shared.messages, shared.due());
  }

  /** Ends when every message has its fate; false if not in time. */
  boolean endWithin(long millis) throws InterruptedException {
    return shared.done.await(millis, TimeUnit.MILLISECONDS);
  }

  /** How many deliveries the listeners should have had of what was acknowledged. */
  long expectedDeliveries() {
    long expected = 0;
    for (int room = 0; room < plan.rooms(); room++) {
      expected += shared.acked.get(room) * plan.listenersOf(room);
    }
    return expected;
  }

  long ackedOf(int room) {
    return shared.acked.get(room);
  }

  @Override
  public void close() {
    shared.over = true;
    shared.network.close();
  }

  /**
   * What was posted so far.
   *
   * @param asked how many there will have been
   * @param due by the schedule
   * @param gaveUp nobody knows whether the log has them
   * @param statuses of answers that asked to come again
   * @param ackMicros from the time a timed message was due to the answer that it is in the log
   */
  record Posts(
      long asked,
      long due,
      long acked,
      long retried,
      long unanswered,
      long gaveUp,
      long refused,
      SortedMap<Integer, Long> statuses,
      @Nullable String refusal,
      Histogram ackMicros) {}

  /** What the lanes have in common. */
  static final class Shared {
    private final Schedule schedule;
    private final String run;
    private final String text;
    private final Network network;
    private final CountDownLatch done;
    private final AtomicLongArray acked;
    private final LongAdder allAcked = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
    private final LongAdder gaveUp = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final AtomicReference<@Nullable String> refusal = new AtomicReference<>();
    private final SortedMap<Integer, Long> statuses = new TreeMap<>();
    private final Recorder ackMicros = new Recorder(Latencies.HIGHEST_MICROS, Latencies.DIGITS);
    private final Histogram ackSum = Latencies.empty();
    private volatile boolean over;
    private volatile long messages;
    private volatile long startNanos;
    private volatile long startMicros;

    Shared(LoadPlan plan, String run) {
      this.schedule = plan.schedule();
      this.messages = schedule.messages();
      this.run = run;
      this.text = ".".repeat(plan.payloadBytes());
      this.network = new Network(plan, 1);
      this.done = new CountDownLatch(schedule.lanes());
      this.acked = new AtomicLongArray(plan.rooms());
    }

    private void begin() {
      startMicros =
          ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) + HEAD_START_NANOS / 1_000;
      startNanos = System.nanoTime() + HEAD_START_NANOS;
    }

    Schedule schedule() {
      return schedule;
    }

    String run() {
      return run;
    }

    String text() {
      return text;
    }

    Network network() {
      return network;
    }

    boolean isBeyondTheLast(long message) {
      return over || message >= messages;
    }

    boolean isOver() {
      return over;
    }

    long startNanos() {
      return startNanos;
    }

    long startMicros() {
      return startMicros;
    }

    void acked(long message, long nanosAfterDue, boolean wasRetried) {
      acked.incrementAndGet(schedule.room(message));
      allAcked.increment();
      if (schedule.isTimed(message)) {
        ackMicros.recordValue(Latencies.bounded(nanosAfterDue / 1_000));
      }
      if (wasRetried) {
        retried.increment();
      }
    }

    void said(int status) {
      synchronized (statuses) {
        statuses.merge(status, 1L, Long::sum);
      }
    }

    void noAnswer() {
      unanswered.increment();
    }

    void gaveUp() {
      gaveUp.increment();
    }

    void refused(int status, String body) {
      refused.increment();
      String text = status + " " + (body.length() > SHOWN ? body.substring(0, SHOWN) : body);
      refusal.compareAndSet(null, text);
    }

    void laneIsDone() {
      done.countDown();
    }

    private long due() {
      return startNanos == 0 ? 0 : schedule.due(Math.max(0, System.nanoTime() - startNanos));
    }

    private Posts posts() {
      SortedMap<Integer, Long> said;
      Histogram acks;
      synchronized (statuses) {
        said = new TreeMap<>(statuses);
        ackSum.add(ackMicros.getIntervalHistogram());
        acks = ackSum.copy();
      }
      return new Posts(
          messages,
          Math.min(messages, due()),
          allAcked.sum(),
          retried.sum(),
          unanswered.sum(),
          gaveUp.sum(),
          refused.sum(),
          said,
          refusal.get(),
          acks);
    }
  }
}
