package partyline.worker;

import java.util.List;
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
    for (JobLoop loop : loops.get()) {
      String job = loop.job();
      Counters counters = loop.counters();
      listener.value(Metric.JOB_OWNED, loop.isOwner() ? 1 : 0, job);
      listener.value(Metric.JOB_LAG, loop.lag().toMillis() / 1e3, job);
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
  }
}
