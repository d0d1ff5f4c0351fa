package partyline.gateway.feed;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import partyline.room.Epoch;
import partyline.room.Timeline;
import partyline.room.metrics.Histogram;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;

/** What went wrong for a feed, how often, and for how long. Written on the feed's loop. */
final class FeedNumbers implements Source {

  private static final long NEVER = -1;

  private final Timeline timeline;
  private final AtomicLong resyncs = new AtomicLong();
  private final AtomicLong epochs = new AtomicLong();
  private final Histogram took = new Histogram();

  // Owned by the feed's loop.
  private long lostMillis = NEVER;
  private @Nullable String reason;

  FeedNumbers(Timeline timeline) {
    this.timeline = timeline;
  }

  /** It may be lost again on its way back: that is one more, and the time goes on. */
  void lost(String why, long nowMillis) {
    resyncs.incrementAndGet();
    if (lostMillis == NEVER) {
      lostMillis = nowMillis;
      reason = why;
    }
  }

  void live(long nowMillis) {
    if (lostMillis != NEVER) {
      Duration away = Duration.ofMillis(nowMillis - lostMillis);
      took.add(away.toNanos());
      timeline.add("resync", reason + ", live again after " + away.toMillis() + " ms");
      lostMillis = NEVER;
    }
  }

  void forked(Epoch epoch) {
    epochs.incrementAndGet();
    timeline.add(
        "epoch",
        "writes after %s may be lost, going on at %s".formatted(epoch.branch(), epoch.start()));
  }

  long resyncs() {
    return resyncs.get();
  }

  @Override
  public void tell(Listener listener) {
    listener.value(Metric.RESYNCS, resyncs.get());
    listener.value(Metric.EPOCHS, epochs.get());
    listener.histogram(Metric.RESYNC, took);
  }
}
