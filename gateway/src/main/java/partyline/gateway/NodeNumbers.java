package partyline.gateway;

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
  private final Feed feed;
  private final Connections connections;
  private final LogClock clock;

  NodeNumbers(
      String node,
      Readiness readiness,
      Drain drain,
      Feed feed,
      Connections connections,
      LogClock clock) {
    this.node = node;
    this.readiness = readiness;
    this.drain = drain;
    this.feed = feed;
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

  private void tellFeed(Listener listener) {
    FeedHealth health = feed.health();
    listener.value(Metric.FEED_STATE, 1, health.state().name().toLowerCase(Locale.ROOT));
    listener.value(Metric.FEED_SILENCE, health.silentMillis() / MILLIS);
    feed.numbers().tell(listener);
    listener.value(Metric.ROOMS, feed.watchedRooms());
  }
}
