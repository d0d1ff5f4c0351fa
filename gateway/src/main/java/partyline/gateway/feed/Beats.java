package partyline.gateway.feed;

import partyline.gateway.loop.Loop;
import partyline.room.Limits;
import partyline.room.RoomLog;

/**
 * The beats that a feed sends over the command connection: every feed hears of them, and Redis
 * hears how far this node has seen. One under way at a time is enough, and the command's own
 * timeout bounds it.
 *
 * <p>Owned by the feed's loop; when the last were answered, or not, may be asked from anywhere.
 */
final class Beats {

  private final Loop loop;
  private final RoomLog roomLog;
  private final FeedHorizon horizon;
  private final Runnable whenBack;

  private long sentMillis;

  // Written on the loop, read from anywhere.
  private volatile long answeredMillis;
  private volatile long unansweredMillis;

  /**
   * @param whenBack run when one is answered after one that was not
   */
  Beats(Loop loop, RoomLog roomLog, FeedHorizon horizon, Runnable whenBack) {
    this.loop = loop;
    this.roomLog = roomLog;
    this.horizon = horizon;
    this.whenBack = whenBack;
  }

  /** Until one is answered, nobody has. */
  void start() {
    unansweredMillis = loop.nowMillis();
  }

  void sendIfDue() {
    if (loop.nowMillis() - sentMillis >= Limits.BEAT_EVERY.toMillis()) {
      send();
    }
  }

  /** Says nothing before it is known where the log ends. */
  void send() {
    sentMillis = loop.nowMillis();
    if (horizon.hasTold()) {
      loop.on(roomLog.beat(horizon.seen()), (beat, failure) -> heard(beat != null));
    }
  }

  private void heard(boolean answered) {
    if (answered) {
      boolean isBack = unansweredMillis > answeredMillis;
      answeredMillis = loop.nowMillis();
      if (isBack) {
        whenBack.run();
      }
    } else {
      unansweredMillis = loop.nowMillis();
    }
  }

  /** When one was last answered; any thread. */
  long answeredMillis() {
    return answeredMillis;
  }

  /** When one was last not answered; any thread. */
  long unansweredMillis() {
    return unansweredMillis;
  }
}
