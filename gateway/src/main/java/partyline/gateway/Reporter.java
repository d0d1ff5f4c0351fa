package partyline.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.feed.RoomTraffic;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.LogClock;
import partyline.room.NodeReports;
import partyline.room.Timeline;
import partyline.room.Version;
import partyline.room.metrics.Meters;

/**
 * Says every two seconds how this node is, for the ops page of any node, and hears what time it is
 * for Redis and whether somebody wants this node to leave.
 */
final class Reporter {

  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

  private final String node;
  private final NodeReports reports;
  private final Meters meters;
  private final Timeline timeline;
  private final IntFunction<CompletionStage<List<RoomTraffic>>> busiest;
  private final LogClock clock;
  private final Rebalance rebalance;
  private final Runnable leave;
  private final Instant started = Instant.now();
  private final AtomicBoolean saying = new AtomicBoolean();
  private volatile boolean stopped;

  /**
   * @param busiest so many of the rooms in which most goes on
   * @param rebalance hears what all gateways carry
   * @param leave drains this node, when somebody asks for it
   */
  Reporter(
      String node,
      NodeReports reports,
      Meters meters,
      Timeline timeline,
      IntFunction<CompletionStage<List<RoomTraffic>>> busiest,
      LogClock clock,
      Rebalance rebalance,
      Runnable leave) {
    this.node = node;
    this.reports = reports;
    this.meters = meters;
    this.timeline = timeline;
    this.busiest = busiest;
    this.clock = clock;
    this.rebalance = rebalance;
    this.leave = leave;
  }

  void start(Vertx vertx) {
    timeline.add("start", "version " + Version.own());
    say();
    vertx.setPeriodic(Limits.REPORT_EVERY.toMillis(), tick -> say());
  }

  /** The last word; the node is not looked for any more. */
  CompletionStage<Void> stop() {
    stopped = true;
    return reports.leave(node);
  }

  private void say() {
    if (!stopped && saying.compareAndSet(false, true)) {
      var _ =
          busiest
              .apply(Limits.REPORT_ROOMS)
              .thenCompose(this::say)
              .whenComplete((done, failure) -> {
                saying.set(false);
                if (failure != null) {
                  LOG.debug("no report: {}", failure.toString());
                }
              });
    }
  }

  private CompletionStage<Void> say(List<RoomTraffic> rooms) {
    long askedMillis = System.currentTimeMillis();
    return reports
        .say(node, Json.line(report(rooms)), rebalance.burden())
        .thenAccept(heard -> {
          clock.learn(heard.redisMillis(), askedMillis, System.currentTimeMillis());
          rebalance.heard(heard.spread(), System.nanoTime() / 1_000_000);
          if (heard.askedToLeave()) {
            LOG.info("asked to leave");
            leave.run();
          }
        });
  }

  private ObjectNode report(List<RoomTraffic> rooms) {
    ObjectNode report =
        Json.MAPPER
            .createObjectNode()
            .put("node", node)
            .put("kind", "gateway")
            .put("version", Version.own())
            .put("started", started.toString())
            .put("at", clock.nowMillis());
    report.setAll(meters.report(timeline));
    ArrayNode busiest = report.putArray("rooms");
    rooms.forEach(
        room -> busiest.addObject().put("room", room.room().value()).put("events", room.events()));
    return report;
  }
}
