package partyline.gateway;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import partyline.gateway.feed.Feed;
import partyline.gateway.feed.FeedHealth;
import partyline.gateway.http.Connections;
import partyline.gateway.http.Readiness;
import partyline.room.LogClock;
import partyline.room.Version;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;

/** What a gateway tells of itself as a whole. */
final class NodeNumbers implements Source {

  private static final double MILLIS = 1e3;

  private final String node;
  private final Readiness readiness;
  private final Drain drain;
  private final List<Feed> feeds;
  private final Connections connections;
  private final LogClock clock;

  NodeNumbers(
      String node,
      Readiness readiness,
      Drain drain,
      List<Feed> feeds,
      Connections connections,
      LogClock clock) {
    this.node = node;
    this.readiness = readiness;
    this.drain = drain;
    this.feeds = List.copyOf(feeds);
    this.connections = connections;
    this.clock = clock;
  }

  @Override
  public void tell(Listener listener) {
    listener.value(Metric.INFO, 1, node, Version.own());
    listener.value(Metric.READY, readiness.ready() ? 1 : 0);
    listener.value(Metric.DRAINING, drain.isDraining() ? 1 : 0);
    listener.value(Metric.DRAIN_PLANNED, drain.planned());
    listener.value(Metric.CONNECTIONS, connections.open());
    listener.value(Metric.CONNECTIONS_MAX, connections.max());
    listener.value(Metric.CONNECTIONS_REFUSED, connections.turnedAway());
    listener.value(Metric.CLOCK_OFFSET, clock.aheadMillis() / MILLIS);
    tellFeed(listener);
  }

  /** Of several feeds the state and the silence of the one that is worst off. */
  private void tellFeed(Listener listener) {
    FeedHealth worst =
        feeds.stream()
            .map(Feed::health)
            .max(
                Comparator.comparingInt((FeedHealth health) -> health.isLive() ? 0 : 1)
                    .thenComparingLong(FeedHealth::silentMillis))
            .orElseThrow();
    listener.value(Metric.FEED_STATE, 1, worst.state().name().toLowerCase(Locale.ROOT));
    listener.value(Metric.FEED_SILENCE, worst.silentMillis() / MILLIS);
    for (Feed feed : feeds) {
      feed.numbers().tell(listener);
      listener.value(Metric.ROOMS, feed.watchedRooms());
    }
  }
}
