package partyline.deploy.load;

import static partyline.deploy.load.PartReport.Count.CONNECT_FAILURES;
import static partyline.deploy.load.PartReport.Count.DUPLICATES;
import static partyline.deploy.load.PartReport.Count.EVENTS;
import static partyline.deploy.load.PartReport.Count.FAULTS;
import static partyline.deploy.load.PartReport.Count.GAPS;
import static partyline.deploy.load.PartReport.Count.OUT_OF_ORDER;
import static partyline.deploy.load.PartReport.Count.RECONNECTS;
import static partyline.deploy.load.PartReport.Count.RESETS;
import static partyline.deploy.load.PartReport.Count.STRANGERS;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Formatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import partyline.room.Json;

/**
 * What came out of a load.
 *
 * @param connectMillis until every listener knew where it stood, or until that was given up
 * @param ackedOf by room: how many messages the log has for sure
 * @param latencies of deliveries, from the time a message was due
 */
public record LoadResult(
    LoadPlan plan,
    Instant startedAt,
    long connectMillis,
    Publishers.Posts posts,
    List<Long> ackedOf,
    PartReport listeners,
    Histogram latencies) {

  private static final List<Double> PERCENTILES = List.of(50.0, 90.0, 99.0, 99.9);

  /** Messages that should have been heard, each by all listeners of its room. */
  public long expected() {
    long expected = 0;
    for (int room = 0; room < plan.rooms(); room++) {
      expected += ackedOf.get(room) * plan.listenersOf(room);
    }
    return expected;
  }

  /**
   * Messages that were acknowledged and not heard, each counted for every listener that missed it.
   */
  public long missing() {
    return shortfall(false);
  }

  /** Listeners that miss something. */
  public long listenersShort() {
    return shortfall(true);
  }

  /** Tries of posts that were not simply taken: refused, sent away for a while, or not answered. */
  public long postErrors() {
    long sentAway = posts.statuses().values().stream().mapToLong(Long::longValue).sum();
    return posts.refused() + posts.gaveUp() + posts.unanswered() + sentAway;
  }

  /** How often listeners had to come back. */
  public long reconnects() {
    return listeners.count(RECONNECTS);
  }

  private long shortfall(boolean countListeners) {
    long sum = 0;
    for (int room = 0; room < plan.rooms(); room++) {
      long acked = ackedOf.get(room);
      Map<Long, Integer> heard = listeners.heard().getOrDefault(room, Map.of());
      int silent = plan.listenersOf(room);
      for (var one : heard.entrySet()) {
        silent -= one.getValue();
        if (one.getKey() < acked) {
          sum += countListeners ? one.getValue() : (acked - one.getKey()) * one.getValue();
        }
      }
      if (acked > 0) {
        sum += countListeners ? silent : acked * silent;
      }
    }
    return sum;
  }

  /** What is wrong with it, each a sentence; nothing for a clean run. */
  public List<String> problems() {
    var problems = new ArrayList<String>();
    if (listeners.ready() < plan.streams()) {
      problems.add(
          "Only %d of %d listeners ever knew where they stood."
              .formatted(listeners.ready(), plan.streams()));
    }
    if (missing() > 0) {
      problems.add(
          "%d deliveries are missing, at %d listeners.".formatted(missing(), listenersShort()));
    }
    says(problems, listeners.count(DUPLICATES), "were heard twice.");
    says(problems, listeners.count(OUT_OF_ORDER), "were heard out of order.");
    says(problems, listeners.count(STRANGERS), "were heard in a room they do not belong to.");
    says(problems, listeners.count(FAULTS), "things were heard that are no events.");
    says(problems, posts.refused(), "posts were refused, the first with " + posts.refusal());
    says(problems, posts.gaveUp(), "posts were never answered: the log may have them or not.");
    long unsent = posts.asked() - posts.acked() - posts.refused() - posts.gaveUp();
    says(problems, unsent, "messages were still waiting for their turn: the rate was not held.");
    return List.copyOf(problems);
  }

  private static void says(List<String> problems, long number, String what) {
    if (number > 0) {
      problems.add(number + " " + what);
    }
  }

  public boolean isClean() {
    return problems().isEmpty();
  }

  public String json() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("started_at", startedAt.toString());
    json.put("clean", isClean());
    var sentences = json.putArray("problems");
    problems().forEach(sentences::add);
    ObjectNode asked = json.putObject("asked");
    var urls = asked.putArray("urls");
    plan.urls().forEach(url -> urls.add(url.toString()));
    asked
        .put("streams", plan.streams())
        .put("rooms", plan.rooms())
        .put("messages_per_s", plan.rate())
        .put("warmup_s", plan.warmupSeconds())
        .put("seconds", plan.seconds())
        .put("transport", plan.transport().name().toLowerCase(Locale.ROOT))
        .put("connects_per_s", plan.connectsPerSecond())
        .put("payload_bytes", plan.payloadBytes())
        .put("processes", plan.processes());
    json.putObject("connect")
        .put("ready", listeners.ready())
        .put("seconds", connectMillis / 1e3)
        .put("failures", listeners.count(CONNECT_FAILURES));
    ObjectNode published = json.putObject("posts");
    published
        .put("asked", posts.asked())
        .put("acked", posts.acked())
        .put("retried", posts.retried())
        .put("tries_without_answer", posts.unanswered())
        .put("gave_up", posts.gaveUp())
        .put("refused", posts.refused());
    posts.statuses().forEach((status, count) -> published.put("status." + status, count));
    published.set("ack_ms", times(posts.ackMicros()));
    ObjectNode heard = json.putObject("deliveries");
    heard
        .put("expected", expected())
        .put("missing", missing())
        .put("listeners_short", listenersShort());
    listeners.counts().forEach(heard::put);
    heard.put("timed_per_s", (double) latencies.getTotalCount() / plan.seconds());
    heard.set("latency_ms", times(latencies));
    heard.put("latency_histogram_us", Latencies.encode(latencies));
    return json.toPrettyString();
  }

  private static ObjectNode times(Histogram micros) {
    ObjectNode times = Json.MAPPER.createObjectNode();
    for (double percentile : PERCENTILES) {
      String name = "p" + Double.toString(percentile).replace(".0", "").replace(".", "");
      times.put(name, micros.getValueAtPercentile(percentile) / 1e3);
    }
    return times.put("max", micros.getMaxValue() / 1e3).put("mean", micros.getMean() / 1e3);
  }

  public String text() {
    var text = new Formatter(Locale.ROOT);
    text.format(
        "connected   %d of %d listeners in %.1f s, %d failed attempts%n",
        listeners.ready(), plan.streams(), connectMillis / 1e3, listeners.count(CONNECT_FAILURES));
    text.format(
        "posted      %d of %d messages, %d after retries; in the log after %s%n",
        posts.acked(), posts.asked(), posts.retried(), shown(posts.ackMicros()));
    text.format(
        "delivered   %d of %d; %.0f a second after the warm-up, each after %s%n",
        listeners.count(EVENTS) - listeners.count(DUPLICATES),
        expected(),
        (double) latencies.getTotalCount() / plan.seconds(),
        shown(latencies));
    text.format(
        "sequence    %d missing, %d gaps, %d duplicates, %d out of order%n",
        missing(),
        listeners.count(GAPS),
        listeners.count(DUPLICATES),
        listeners.count(OUT_OF_ORDER));
    text.format(
        "connections %d came back, %d resets%s%n",
        listeners.count(RECONNECTS), listeners.count(RESETS), said());
    problems().forEach(problem -> text.format("PROBLEM     %s%n", problem));
    text.format("%s%n", isClean() ? "Nothing was lost." : "This run is not clean.");
    return text.toString();
  }

  /** What servers said, such as {@code bye.drain 12}. */
  private String said() {
    var said = new StringBuilder();
    listeners
        .counts()
        .forEach((name, count) -> {
          if (name.contains(".")) {
            said.append(", ").append(name).append(' ').append(count);
          }
        });
    return said.toString();
  }

  /** p50, p99 and the longest. */
  static String shown(Histogram micros) {
    return String.format(
        Locale.ROOT,
        "p50 %.1f p99 %.1f max %.1f ms",
        micros.getValueAtPercentile(50) / 1e3,
        micros.getValueAtPercentile(99) / 1e3,
        micros.getMaxValue() / 1e3);
  }
}
