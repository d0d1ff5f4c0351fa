package partyline.gateway.hub;

import org.jspecify.annotations.Nullable;
import partyline.gateway.loop.LoopNumbers;
import partyline.room.EventId;
import partyline.room.metrics.Metric;

/**
 * How a subscription begins: what of that matters until it is ready, and what a live one should not
 * pay for. Owned by the hub's loop.
 */
final class Beginning {

  private final Start start;
  private final long sinceMillis;

  /** Where a client without a past asked to begin: it wants what is retained, and lost nothing. */
  private @Nullable EventId retainedFrom;

  /** It was reset before it was ready: not all it asked for was there. */
  private boolean refusedPast;

  Beginning(Start start, long nowMillis) {
    this.start = start;
    this.sinceMillis = nowMillis;
  }

  Start start() {
    return start;
  }

  /** It begins with what is retained after this. */
  void fromRetained(EventId after) {
    retainedFrom = after;
  }

  boolean isFromRetained(EventId after) {
    return after.equals(retainedFrom);
  }

  /** It has a past by now. */
  void resumes() {
    retainedFrom = null;
  }

  void refusedPast() {
    refusedPast = true;
  }

  boolean takesTooLong(long nowMillis) {
    return nowMillis - sinceMillis > Hub.OPEN_WITHIN_MILLIS;
  }

  boolean isResumed() {
    return start instanceof Start.After;
  }

  /** Counts it, if it is somebody who came back. */
  void ended(LoopNumbers numbers, @Nullable Replay replay) {
    if (isResumed() && retainedFrom == null || start instanceof Start.Invalid) {
      numbers.of(Metric.RESUMES, resumedFrom(replay)).add(1);
    }
  }

  private String resumedFrom(@Nullable Replay replay) {
    if (refusedPast) {
      return "reset";
    }
    return replay == null ? "ring" : "tail";
  }
}
