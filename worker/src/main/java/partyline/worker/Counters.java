package partyline.worker;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What happened to one job in this process, since it started. Thread-safe. */
public final class Counters {
  private final Map<Count, LongAdder> sums = new EnumMap<>(Count.class);

  public Counters() {
    for (Count count : Count.values()) {
      sums.put(count, new LongAdder());
    }
  }

  public long of(Count count) {
    return adder(count).sum();
  }

  void add(Count count) {
    add(count, 1);
  }

  void add(Count count, long amount) {
    adder(count).add(amount);
  }

  private LongAdder adder(Count count) {
    return java.util.Objects.requireNonNull(sums.get(count));
  }
}
