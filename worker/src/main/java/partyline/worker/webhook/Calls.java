package partyline.worker.webhook;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import partyline.room.metrics.Histogram;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;

/** How calls of endpoints went, of all webhooks together, since the worker started. Thread-safe. */
public final class Calls implements Source {
  private final Map<Answer.Kind, LongAdder> sums = new EnumMap<>(Answer.Kind.class);
  private final LongAdder retries = new LongAdder();
  private final Histogram took = new Histogram();

  public Calls() {
    for (Answer.Kind kind : Answer.Kind.values()) {
      sums.put(kind, new LongAdder());
    }
  }

  public void skipped() {
    adder(Answer.Kind.SKIPPED).increment();
  }

  public void called(Answer answer, long nanos) {
    adder(answer.kind()).increment();
    took.add(nanos);
  }

  /** One that failed is to be tried again. */
  public void retried() {
    retries.increment();
  }

  private LongAdder adder(Answer.Kind kind) {
    return java.util.Objects.requireNonNull(sums.get(kind));
  }

  @Override
  public void tell(Listener listener) {
    sums.forEach((kind, sum) -> listener.value(Metric.WEBHOOKS, sum.sum(), kind.word()));
    listener.value(Metric.RETRIES, retries.sum());
    listener.histogram(Metric.WEBHOOK, took);
  }
}
