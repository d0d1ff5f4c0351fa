package partyline.gateway.http;

import java.util.concurrent.CompletionStage;
import partyline.room.chat.Outcome;
import partyline.room.metrics.Counts;
import partyline.room.metrics.Histogram;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Source;

/** What became of everything that people wanted written, and how long that took. Thread-safe. */
public final class Writes implements Source {

  private final Counts outcomes = new Counts(Metric.PUBLISHES);
  private final Histogram took = new Histogram();

  /** The same stage; counted when it is done. */
  CompletionStage<Outcome> count(CompletionStage<Outcome> outcome) {
    long begunNanos = System.nanoTime();
    return outcome.whenComplete((done, failure) -> {
      took.add(System.nanoTime() - begunNanos);
      outcomes.add(done == null ? "unavailable" : word(done));
    });
  }

  private static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done _ -> "done";
      case Outcome.Repeated _ -> "repeated";
      case Outcome.Unchanged _ -> "unchanged";
      case Outcome.Refused _ -> "refused";
      case Outcome.Mismatch _ -> "mismatch";
      case Outcome.Limited _ -> "limited";
      case Outcome.Busy _ -> "busy";
    };
  }

  @Override
  public void tell(Listener listener) {
    outcomes.tell(listener);
    listener.histogram(Metric.PUBLISH, took);
  }
}
