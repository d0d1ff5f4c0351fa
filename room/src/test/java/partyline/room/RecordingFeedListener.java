package partyline.room;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Keeps all that a feed heard, in order, and lets a test wait for it. */
public class RecordingFeedListener implements FeedListener {

  /** One thing that was heard. */
  public sealed interface Heard {

    record Told(Event event) implements Heard {}

    record Passing(Ephemeral event) implements Heard {}

    record Forked(Epoch epoch) implements Heard {}

    record Beaten(EventId last) implements Heard {}

    record Closed(String reason) implements Heard {}

    /** Noted by the test itself, on the connection's thread: a reply. */
    record Answered(Object reply) implements Heard {}
  }

  // Guarded by this.
  private final List<Heard> heard = new ArrayList<>();

  @Override
  public void event(Event event) {
    note(new Heard.Told(event));
  }

  @Override
  public void ephemeral(Ephemeral event) {
    note(new Heard.Passing(event));
  }

  @Override
  public void epoch(Epoch epoch) {
    note(new Heard.Forked(epoch));
  }

  @Override
  public void beat(EventId last) {
    note(new Heard.Beaten(last));
  }

  @Override
  public void closed(String reason) {
    note(new Heard.Closed(reason));
  }

  public void answered(Object reply) {
    note(new Heard.Answered(reply));
  }

  public synchronized List<Heard> heard() {
    return List.copyOf(heard);
  }

  public List<Event> events() {
    return events(heard());
  }

  public List<Ephemeral> ephemerals() {
    return heard().stream()
        .filter(Heard.Passing.class::isInstance)
        .map(one -> ((Heard.Passing) one).event())
        .toList();
  }

  public List<Epoch> epochs() {
    return heard().stream()
        .filter(Heard.Forked.class::isInstance)
        .map(one -> ((Heard.Forked) one).epoch())
        .toList();
  }

  public List<EventId> beats() {
    return heard().stream()
        .filter(Heard.Beaten.class::isInstance)
        .map(one -> ((Heard.Beaten) one).last())
        .toList();
  }

  public List<String> closings() {
    return heard().stream()
        .filter(Heard.Closed.class::isInstance)
        .map(one -> ((Heard.Closed) one).reason())
        .toList();
  }

  public static List<Event> events(List<Heard> heard) {
    return heard.stream()
        .filter(Heard.Told.class::isInstance)
        .map(one -> ((Heard.Told) one).event())
        .toList();
  }

  /** Waits at most a minute until what was heard is as it should be. */
  public synchronized void await(Predicate<RecordingFeedListener> until) {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!until.test(this)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError("not heard within a minute; heard so far: " + heard);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }

  private synchronized void note(Heard one) {
    heard.add(one);
    notifyAll();
  }
}
