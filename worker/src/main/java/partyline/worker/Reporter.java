package partyline.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.LogUnavailable;
import partyline.room.NodeReports;
import partyline.room.NodeReports.Burden;
import partyline.room.Timeline;
import partyline.room.Version;
import partyline.room.metrics.Meters;
import partyline.room.redis.RedisVitals;

/**
 * Looks every two seconds how Redis is, and says how this worker is, for the ops page of any
 * gateway.
 */
final class Reporter {
  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);

  private final String worker;
  private final NodeReports reports;
  private final RedisVitals vitals;
  private final Meters meters;
  private final Timeline timeline;
  private final Instant started = Instant.now();
  private final CountDownLatch stop = new CountDownLatch(1);

  Reporter(
      String worker, NodeReports reports, RedisVitals vitals, Meters meters, Timeline timeline) {
    this.vitals = vitals;
    this.worker = worker;
    this.reports = reports;
    this.meters = meters;
    this.timeline = timeline;
  }

  void start() {
    timeline.add("start", "version " + Version.own());
    Thread.ofVirtual().name("reporter").start(this::sayOn);
  }

  void stop() {
    stop.countDown();
  }

  private void sayOn() {
    try {
      do {
        say();
      } while (!stop.await(Limits.REPORT_EVERY.toMillis(), TimeUnit.MILLISECONDS));
      Await.answer(reports.leave(worker));
    } catch (LogUnavailable e) {
      // It is forgotten all the same, in a moment.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void say() throws InterruptedException {
    try {
      Await.answer(vitals.look());
    } catch (LogUnavailable e) {
      LOG.debug("Redis does not say how it is", e);
    }
    ObjectNode report =
        Json.MAPPER
            .createObjectNode()
            .put("node", worker)
            .put("kind", "worker")
            .put("version", Version.own())
            .put("started", started.toString())
            .put("at", System.currentTimeMillis());
    report.setAll(meters.report(timeline));
    try {
      Await.answer(reports.say(worker, Json.line(report), new Burden.None()));
    } catch (LogUnavailable e) {
      LOG.debug("no report", e);
    }
  }
}
