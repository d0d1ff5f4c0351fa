package partyline.gateway.feed;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import partyline.gateway.loop.Loop;
import partyline.room.Ephemeral;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.FeedListener;
import partyline.room.Shutout;

/**
 * The one door between a feed connection's thread and the feed's loop: what was heard and what was
 * answered, in one queue, in one order, handed over in batches.
 *
 * <p>Under load many pushes arrive while the loop is busy; they cross in one hop. The queue is
 * bounded: a feed that can't keep up loses its connection, and reads what it missed from the log.
 */
final class Ear implements FeedListener {

  /** Pushes that may wait; at 1 kB each about as much as one page of a resync, many times over. */
  private static final int WAITING_MAX = 50_000;

  /** What crosses from one thread to the other. */
  sealed interface Heard {
    record Told(Event event) implements Heard {}

    record Passing(Ephemeral event) implements Heard {}

    record Forked(Epoch epoch) implements Heard {}

    record Beaten(EventId last) implements Heard {}

    record ShutOut(long version, Shutout shutout) implements Heard {}

    record Answered(Runnable then) implements Heard {}

    record Closed(String reason) implements Heard {}
  }

  interface Handler {
    /** On the loop. */
    void hear(Ear from, List<Heard> batch);
  }

  private final Loop loop;
  private final Handler handler;
  private final Queue<Heard> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile boolean overflown;

  Ear(Loop loop, Handler handler) {
    this.loop = loop;
    this.handler = handler;
  }

  @Override
  public void event(Event event) {
    add(new Heard.Told(event));
  }

  /** The first to be dropped: a queue half full is no place for what nobody is owed. */
  @Override
  public void ephemeral(Ephemeral event) {
    if (waiting.get() < WAITING_MAX / 2) {
      add(new Heard.Passing(event));
    }
  }

  @Override
  public void epoch(Epoch epoch) {
    add(new Heard.Forked(epoch));
  }

  @Override
  public void beat(EventId last) {
    add(new Heard.Beaten(last));
  }

  @Override
  public void shutout(long version, Shutout shutout) {
    add(new Heard.ShutOut(version, shutout));
  }

  @Override
  public void closed(String reason) {
    add(new Heard.Closed(reason));
  }

  /** Takes its place behind everything heard so far. */
  void then(Runnable task) {
    add(new Heard.Answered(task));
  }

  private void add(Heard heard) {
    // An answer always comes through: a connection that opened meanwhile must be closed by it.
    boolean answered = heard instanceof Heard.Answered;
    if (overflown && !answered) {
      return;
    }
    if (waiting.incrementAndGet() > WAITING_MAX && !answered) {
      overflown = true;
      queue.add(new Heard.Closed("more than " + WAITING_MAX + " pushes waiting"));
    } else {
      queue.add(heard);
    }
    if (scheduled.compareAndSet(false, true)) {
      loop.execute(this::handOver);
    }
  }

  private void handOver() {
    // Cleared before taking: what is added from here on schedules a hop of its own.
    scheduled.set(false);
    var batch = new ArrayList<Heard>();
    for (Heard heard = queue.poll(); heard != null; heard = queue.poll()) {
      batch.add(heard);
    }
    waiting.addAndGet(-batch.size());
    handler.hear(this, batch);
  }
}
