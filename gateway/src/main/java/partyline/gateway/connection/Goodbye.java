package partyline.gateway.connection;

/**
 * Why the server ended a connection: one word for the wire ({@code bye {reason}}), the metric and
 * the log.
 *
 * <p>Each carries the range its {@code retry} is drawn from, so that those who leave together do
 * not come back together.
 */
public enum Goodbye {
  /** This node is leaving; another one serves. */
  DRAIN("drain", 1_000, 5_000),
  /** Streams end now and then, to rebalance nodes and renew tokens. */
  MAX_AGE("max_age", 100, 500),
  /** The reader fell too far behind; it resumes from its cursor. */
  SLOW("slow", 1_000, 3_000),
  /** The token has expired. */
  EXPIRED("expired", 1_000, 3_000),
  /** The token was revoked. */
  REVOKED("revoked", 5_000, 30_000),
  /** The right to read these rooms is gone. */
  FORBIDDEN("forbidden", 5_000, 30_000),
  /** The node, or this user's share of it, is full. */
  OVERLOADED("overloaded", 5_000, 30_000),
  /** The node can't serve just now, Redis being away, say. */
  ERROR("error", 5_000, 30_000);

  private final String word;
  private final int retryFromMillis;
  private final int retryToMillis;

  Goodbye(String word, int retryFromMillis, int retryToMillis) {
    this.word = word;
    this.retryFromMillis = retryFromMillis;
    this.retryToMillis = retryToMillis;
  }

  public String word() {
    return word;
  }

  /** Whether the client should come to another node, if the balancer finds one. */
  public boolean isElsewhere() {
    return this == DRAIN || this == MAX_AGE;
  }

  /**
   * Milliseconds a client should wait before it reconnects.
   *
   * @param random in [0, 1)
   */
  public int retryMillis(double random) {
    return retryFromMillis + (int) (random * (retryToMillis - retryFromMillis));
  }
}
