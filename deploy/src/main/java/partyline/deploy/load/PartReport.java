package partyline.deploy.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import partyline.room.Json;

/**
 * What a part tells once a second and at its end, one line of JSON. Counts are since its start, the
 * histogram is since the report before: who adds all of them up has lost nothing.
 *
 * @param ready listeners that have been told, once at least, where they stand
 * @param open connections of listeners now
 * @param counts by {@link Count} and by what servers said: {@code bye.drain}, {@code status.503}
 * @param latencies of timed messages, encoded by {@link Latencies}
 * @param heard only at the end: room -> how many different messages -> how many listeners heard so
 *     many
 */
record PartReport(
    int ready,
    int open,
    SortedMap<String, Long> counts,
    String latencies,
    Map<Integer, Map<Long, Integer>> heard,
    boolean last) {
  private static final String BEGIN = "part ";

  /** What is counted of listeners. */
  enum Count {
    EVENTS("events"),
    GAPS("gaps"),
    DUPLICATES("duplicates"),
    OUT_OF_ORDER("out_of_order"),
    RESETS("resets"),
    BYES("byes"),
    RECONNECTS("reconnects"),
    CONNECT_FAILURES("connect_failures"),
    STRANGERS("strangers"),
    FAULTS("faults");

    final String word;

    Count(String word) {
      this.word = word;
    }
  }

  long count(Count count) {
    return counts.getOrDefault(count.word, 0L);
  }

  String line() {
    return BEGIN + Json.line(Json.MAPPER.valueToTree(this));
  }

  /** Empty for a line that is none of ours, such as what a JVM warns of. */
  static Optional<PartReport> parse(String line) {
    if (!line.startsWith(BEGIN)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.MAPPER.readValue(line.substring(BEGIN.length()), PartReport.class));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a report: " + e.getOriginalMessage(), e);
    }
  }

  /** Of two parts, at about the same time. Histograms are added up elsewhere, each once. */
  PartReport and(PartReport other) {
    var sum = new TreeMap<>(counts);
    other.counts.forEach((name, count) -> sum.merge(name, count, Long::sum));
    var all = new HashMap<Integer, Map<Long, Integer>>();
    for (var of : java.util.List.of(heard, other.heard)) {
      of.forEach((room, listeners) -> {
        var here = all.computeIfAbsent(room, _ -> new HashMap<>());
        listeners.forEach((messages, number) -> here.merge(messages, number, Integer::sum));
      });
    }
    return new PartReport(ready + other.ready, open + other.open, sum, "", all, last && other.last);
  }

  /** Adds nothing to a sum. */
  static PartReport nothing() {
    return new PartReport(0, 0, new TreeMap<>(), "", Map.of(), true);
  }

  /** Before a part has said anything. */
  PartReport unfinished() {
    return new PartReport(ready, open, counts, latencies, heard, false);
  }
}
