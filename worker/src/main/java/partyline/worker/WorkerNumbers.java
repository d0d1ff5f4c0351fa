package partyline.worker;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import partyline.room.Version;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;

/** What a worker tells of itself and of its jobs. */
final class WorkerNumbers implements Source {

  private final String worker;
  private final Supplier<Ops.Health> ready;
  private final Supplier<List<JobLoop>> loops;

  WorkerNumbers(String worker, Supplier<Ops.Health> ready, Supplier<List<JobLoop>> loops) {
    this.worker = worker;
    this.ready = ready;
    this.loops = loops;
  }

  @Override
  public void tell(Listener listener) {
    listener.value(Metric.INFO, 1, worker, Version.own());
    listener.value(Metric.READY, ready.get().ok() ? 1 : 0);
    // The same job of several partitions counts as one: told twice, it is added up.
    List<JobLoop> all = loops.get();
    Map<String, Long> parts = all.stream().collect(groupingBy(JobLoop::job, counting()));
    for (JobLoop loop : all) {
      String job = loop.job();
      Counters counters = loop.counters();
      long of = parts.getOrDefault(job, 1L);
      listener.value(Metric.JOB_OWNED, loop.isOwner() ? 1.0 / of : 0.0, job);
      listener.value(Metric.JOB_EVENTS, counters.of(Count.ACTED), job);
      listener.value(Metric.JOB_FAILURES, counters.of(Count.FAILED), job, "failed");
      listener.value(Metric.JOB_FAILURES, counters.of(Count.UNAVAILABLE), job, "unavailable");
      listener.value(Metric.JOB_CLAIMS, counters.of(Count.CLAIMED), job);
      listener.value(Metric.JOB_LOSSES, counters.of(Count.LOST), job);
      listener.value(Metric.JOB_HOLES, counters.of(Count.HOLES), job);
      listener.value(Metric.JOB_LOST, counters.of(Count.EVENTS_LOST), job);
      listener.value(Metric.JOB_FENCED, counters.of(Count.FENCED), job);
      listener.value(Metric.JOB_GIVEN_UP, counters.of(Count.DEAD), job);
    }
    var lags = new HashMap<String, Long>();
    all.forEach(loop -> lags.merge(loop.job(), loop.lag().toMillis(), Math::max));
    lags.forEach((job, millis) -> listener.value(Metric.JOB_LAG, millis / 1e3, job));
  }
}
