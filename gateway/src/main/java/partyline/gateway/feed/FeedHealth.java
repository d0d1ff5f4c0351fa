package partyline.gateway.feed;

/**
 * How a feed is, for readiness and metrics.
 *
 * @param begun whether it ever reached the log
 * @param silentMillis since it last heard a beat
 * @param beatMillis since one of its own beats was last answered, over the command connection
 * @param answeredMillis since one of its own beats was last not answered
 * @param resyncs how often it had to start over
 */
public record FeedHealth(
    Feed.State state,
    boolean begun,
    long silentMillis,
    long beatMillis,
    long answeredMillis,
    long resyncs) {

  public boolean isLive() {
    return state == Feed.State.LIVE;
  }
}
