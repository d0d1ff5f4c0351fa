package partyline.gateway;

import java.util.List;
import partyline.gateway.feed.Feed;
import partyline.gateway.feed.FeedHealth;
import partyline.gateway.http.Readiness;
import partyline.room.Limits;

/**
 * Red only while this node starts or leaves, or when it is this node alone that hears nothing: its
 * feed is silent although its own commands reach the primary.
 *
 * <p>When Redis is away for everybody all nodes stay ready and hold their streams. Else every pod
 * would go unready at once, and the ingress would cut every client for an outage of a few seconds.
 * When it comes back commands are answered before feeds are heard, on every node: so a feed has
 * from then on as long as any other silence lasts before it is one.
 */
final class NodeReadiness implements Readiness {

  private final List<Feed> feeds;
  private final Drain drain;

  NodeReadiness(List<Feed> feeds, Drain drain) {
    this.feeds = List.copyOf(feeds);
    this.drain = drain;
  }

  @Override
  public boolean ready() {
    return verdict().isEmpty();
  }

  @Override
  public String reason() {
    return verdict();
  }

  private String verdict() {
    if (drain.isDraining()) {
      return "draining";
    }
    return feeds.stream()
        .map(feed -> verdict(feed.health()))
        .filter(verdict -> !verdict.isEmpty())
        .findFirst()
        .orElse("");
  }

  private static String verdict(FeedHealth health) {
    if (!health.begun()) {
      return "starting: the log was not reached yet";
    }
    boolean silent = health.silentMillis() > Limits.SILENCE_MAX.toMillis();
    boolean reachesPrimary =
        health.beatMillis() < 2 * Limits.BEAT_EVERY.toMillis()
            && health.answeredMillis() > Limits.SILENCE_MAX.toMillis();
    if (silent && reachesPrimary) {
      return "the feed heard nothing for " + health.silentMillis() + " ms, but Redis answers";
    }
    return "";
  }
}
