package partyline.room.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import partyline.room.Json;
import partyline.room.Timeline;

/**
 * What a process says of itself to the others, as JSON: its numbers as they stand. What they were
 * between two reports is for who reads them to say.
 *
 * <pre>
 * {"metrics": {"partyline_streams_open": {"stream": 12}, "partyline_ready": 1,
 *              "partyline_delivery_seconds": {"sum": 1.5, "buckets": [0, 3, …]}},
 *  "bounds": [0.0005, …], "process": {"cpu": 0.2, "heap_bytes": …, "files": …},
 *  "timeline": [{"at": "2026-…", "kind": "epoch", "what": "…"}]}
 * </pre>
 */
public final class Report implements Source.Listener {

  private final ObjectNode metrics = Json.MAPPER.createObjectNode();

  private Report() {}

  static ObjectNode of(List<Source> sources, Timeline timeline) {
    var report = new Report();
    sources.forEach(source -> source.tell(report));
    ObjectNode all = Json.MAPPER.createObjectNode();
    all.set("metrics", report.metrics);
    all.set("process", process());
    ArrayNode moments = all.putArray("timeline");
    timeline
        .moments()
        .forEach(moment ->
            moments
                .addObject()
                .put("at", moment.at().toString())
                .put("kind", moment.kind())
                .put("what", moment.what()));
    return all;
  }

  /** The words of a metric with several labels are joined; zeros with words are left out. */
  @Override
  public void value(Metric metric, double value, String... words) {
    String name = metric.fullName();
    if (words.length == 0) {
      metrics.put(name, metrics.path(name).asDouble() + value);
    } else if (value != 0) {
      ObjectNode byWord = metrics.withObjectProperty(name);
      String word = String.join(" ", words);
      byWord.put(word, byWord.path(word).asDouble() + value);
    }
  }

  /** Without words: those of one process are added up. */
  @Override
  public void histogram(Metric metric, Histogram histogram, String... words) {
    ObjectNode told = metrics.withObjectProperty(metric.fullName());
    told.put("sum", told.path("sum").asDouble() + histogram.sumSeconds());
    ArrayNode before = told.withArray("buckets");
    ArrayNode buckets = Json.MAPPER.createArrayNode();
    for (int i = 0; i < Histogram.buckets(); i++) {
      buckets.add(before.path(i).asLong() + histogram.count(i));
    }
    told.set("buckets", buckets);
  }

  /** The upper bounds of all histograms, in seconds; what lies above them has none. */
  public static ArrayNode bounds() {
    ArrayNode bounds = Json.MAPPER.createArrayNode();
    for (int i = 0; i < Histogram.buckets() - 1; i++) {
      bounds.add(Histogram.boundSeconds(i));
    }
    return bounds;
  }

  private static ObjectNode process() {
    Runtime runtime = Runtime.getRuntime();
    ObjectNode process =
        Json.MAPPER
            .createObjectNode()
            .put("heap_bytes", runtime.totalMemory() - runtime.freeMemory())
            .put("heap_max_bytes", runtime.maxMemory());
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
      process
          .put("cpu", unix.getProcessCpuLoad() * unix.getAvailableProcessors())
          .put("files", unix.getOpenFileDescriptorCount())
          .put("files_max", unix.getMaxFileDescriptorCount());
    }
    return process;
  }
}
