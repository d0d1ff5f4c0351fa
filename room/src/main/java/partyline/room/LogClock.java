package partyline.room;

/**
 * What time it is for the log, as well as this process knows: its events are stamped by Redis, and
 * the clocks of machines disagree. Until Redis was asked the two are taken to agree. Thread-safe.
 */
public final class LogClock {

  private volatile long aheadMillis;

  /** Milliseconds since 1970, on Redis' clock. */
  public long nowMillis() {
    return System.currentTimeMillis() + aheadMillis;
  }

  /** By how much Redis' clock is ahead of ours, in milliseconds. */
  public long aheadMillis() {
    return aheadMillis;
  }

  /**
   * Redis said what time it is; somewhere between question and answer, so the middle is taken.
   *
   * @param askedMillis on our clock, like {@code answeredMillis}
   */
  public void learn(long redisMillis, long askedMillis, long answeredMillis) {
    aheadMillis = redisMillis - (askedMillis + (answeredMillis - askedMillis) / 2);
  }
}
