package partyline.deploy.load;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;
import partyline.deploy.load.PartReport.Count;

/** What the listeners of a part have heard so far. Thread-safe, except {@link #report}. */
final class Tally {
  /** What servers say is counted by their own words, and nobody can make us keep more of them. */
  private static final int WORDS = 100;

  private final ConcurrentMap<String, LongAdder> counts = new ConcurrentHashMap<>();
  private final LongAdder events = new LongAdder();
  private final Recorder latencies = new Recorder(Latencies.HIGHEST_MICROS, Latencies.DIGITS);
  private final AtomicInteger ready = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  void event() {
    events.increment();
  }

  void latency(long micros) {
    latencies.recordValue(Latencies.bounded(micros));
  }

  void count(Count count) {
    adder(count.word).increment();
  }

  /** For example {@code status}, {@code 503}. */
  void said(String kind, String word) {
    if (counts.size() < WORDS) {
      adder(kind + "." + word).increment();
    }
  }

  void ready() {
    ready.incrementAndGet();
  }

  void opened() {
    open.incrementAndGet();
  }

  void closed() {
    open.decrementAndGet();
  }

  /** Since the last report, as far as latencies are concerned. For one thread. */
  PartReport report(Map<Integer, Map<Long, Integer>> heard, boolean last) {
    var all = new TreeMap<String, Long>();
    counts.forEach((name, count) -> all.put(name, count.sum()));
    all.put(Count.EVENTS.word, events.sum());
    return new PartReport(
        ready.get(),
        open.get(),
        all,
        Latencies.encode(latencies.getIntervalHistogram()),
        heard,
        last);
  }

  private LongAdder adder(String name) {
    return counts.computeIfAbsent(name, _ -> new LongAdder());
  }
}
