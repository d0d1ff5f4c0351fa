package partyline.room.redis;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import partyline.room.Limits;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;

/**
 * What Redis says of its own state, and how full the log is: as of the last time it was asked. Of
 * no number is told anything before that but zero. Of several partitions each number is that of the
 * one that is worst off.
 */
public final class RedisVitals implements Source {

  /** One look. */
  private record Vitals(double memory, double memoryMax, double replicas, double entries) {

    static Vitals worst(Vitals a, Vitals b) {
      boolean fuller = b.memory * a.memoryMax > a.memory * b.memoryMax;
      return new Vitals(
          fuller ? b.memory : a.memory,
          fuller ? b.memoryMax : a.memoryMax,
          Math.min(a.replicas, b.replicas),
          Math.max(a.entries, b.entries));
    }
  }

  private final List<RedisConnections> partitions;
  private volatile Vitals last = new Vitals(0, 0, 0, 0);

  public RedisVitals(RedisConnections connections) {
    this(List.of(connections));
  }

  /**
   * @param partitions the connections of each
   */
  public RedisVitals(List<RedisConnections> partitions) {
    this.partitions = List.copyOf(partitions);
  }

  /** Fails with {@link partyline.room.LogUnavailable} only; what was known then stays. */
  public CompletionStage<Void> look() {
    return partitions.stream()
        .map(RedisVitals::look)
        .reduce((a, b) -> a.thenCombine(b, Vitals::worst))
        .orElseThrow()
        .thenAccept(seen -> last = seen);
  }

  private static CompletionStage<Vitals> look(RedisConnections partition) {
    String log = partition.keys().log();
    return partition
        .calls()
        .repeatable(redis -> redis.info().thenCombine(redis.xlen(log), RedisVitals::vitals));
  }

  private static Vitals vitals(String info, long entries) {
    Map<String, String> facts = RedisCheck.facts(info);
    double most = number(facts, "maxmemory");
    return new Vitals(
        number(facts, "used_memory"),
        most > 0 ? most : number(facts, "total_system_memory"),
        number(facts, "connected_slaves"),
        (double) entries);
  }

  private static double number(Map<String, String> facts, String name) {
    String text = facts.getOrDefault(name, "");
    return text.matches("\\d{1,18}") ? Double.parseDouble(text) : 0;
  }

  @Override
  public void tell(Listener listener) {
    Vitals seen = last;
    listener.value(Metric.REDIS_MEMORY, seen.memory);
    listener.value(Metric.REDIS_MEMORY_MAX, seen.memoryMax);
    listener.value(Metric.REDIS_REPLICAS, seen.replicas);
    listener.value(Metric.LOG_ENTRIES, seen.entries);
    listener.value(Metric.LOG_CEILING, seen.entries / Limits.LOG_CEILING_ENTRIES);
  }
}
