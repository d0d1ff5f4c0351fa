package partyline.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Advance;
import partyline.room.Claim;
import partyline.room.DeadLetter;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.JobLedger;
import partyline.room.JobLedger.Outcome;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.LogEntry;
import partyline.room.LogPage;
import partyline.room.LogReader;
import partyline.room.LogUnavailable;

/**
 * A job's place in the log: reads what comes after it, has the job act on it, and moves on if the
 * fence holds.
 *
 * <p>The events of a batch that failed are taken one by one the next time: so the one that no
 * attempt gets past stands alone, and the others are not repeated with it for ever. Its tries are
 * counted in the ledger, before each: a job that was orphaned is taken up one by one too, or an
 * event that ends every process that tries it would never be found.
 */
final class JobCursor implements Duty {
  private static final Logger LOG = LoggerFactory.getLogger(JobCursor.class);

  private final Job job;
  private final LogReader reader;
  private final JobLedger ledger;
  private final Counters counters;

  // Owned by the loop's thread.
  private @Nullable EventId at;
  private EventId seen = EventId.ZERO;
  private EventId epoch = EventId.ZERO;
  private boolean unsure;
  private volatile long behindSinceMillis;
  private boolean stood;
  private int oneByOne;
  private boolean anew;

  JobCursor(Job job, LogReader reader, JobLedger ledger, Counters counters) {
    this.job = job;
    this.reader = reader;
    this.ledger = ledger;
    this.counters = counters;
  }

  @Override
  public String job() {
    return job.name();
  }

  @Override
  public void begin(Claim.Claimed claimed) {
    stood |= at != null;
    at = claimed.cursor().orElse(null);
    unsure = false;
    if (at != null) {
      seen = EventId.max(seen, at);
    }
    if (claimed.orphaned()) {
      oneByOne = Math.max(oneByOne, job.batch());
    }
  }

  @Override
  public Optional<Duration> turn(Lease lease) throws Exception {
    if (unsure) {
      at = Await.answer(ledger.cursors()).get(job.name());
      unsure = false;
    }
    EventId from = at;
    if (from == null) {
      from = start();
      // Before anything is read, so that nothing is trimmed under the first batch.
      if (!commit(lease, from)) {
        return Optional.empty();
      }
    }
    LogPage page = read(from, oneByOne > 0 ? 1 : job.batch());
    behindSinceMillis = oldest(page);
    boolean held = holes(lease, from, page) && entries(lease, page.entries());
    if (!held) {
      return Optional.empty();
    }
    if (!page.more()) {
      behindSinceMillis = 0;
    }
    return Optional.of(page.more() ? Duration.ZERO : Limits.JOB_IDLE);
  }

  private static long oldest(LogPage page) {
    return page.entries().stream()
        .filter(Event.class::isInstance)
        .mapToLong(entry -> ((Event) entry).at().toEpochMilli())
        .findFirst()
        .orElse(0);
  }

  @Override
  public long behindSinceMillis() {
    return behindSinceMillis;
  }

  private EventId start() throws InterruptedException {
    // A ledger that has forgotten a cursor we had was wiped together with its log. What stands
    // there now is all new, so even a job that began with the newest must not skip any of it.
    LogPage page = read(EventId.ZERO, 1);
    return stood || job.begin() == Job.Begin.OLDEST ? EventId.ZERO : page.last();
  }

  private LogPage read(EventId after, int limit) throws InterruptedException {
    LogPage page = Await.answer(reader.log(after, seen, limit));
    seen = EventId.max(seen, page.last());
    List<Epoch> epochs = page.epochs().newest();
    epoch = epochs.isEmpty() ? EventId.ZERO : epochs.getLast().start();
    return page;
  }

  /**
   * Tells the job what is missing between its cursor and the page, and the epochs lost in there.
   */
  private boolean holes(Lease lease, EventId cursor, LogPage page) throws Exception {
    // A job that has had nothing yet asked for the oldest there is.
    if (!page.trimmed() || cursor.equals(EventId.ZERO)) {
      return true;
    }
    for (Epoch epoch : page.epochs().after(cursor)) {
      boolean gone = page.entries().isEmpty() || page.first().isAfter(epoch.start());
      if (gone) {
        undo(epoch);
      }
    }
    LOG.warn("job {} lost events after {}: the log begins at {}", job.name(), cursor, page.first());
    job.hole(cursor, page.first());
    counters.add(Count.HOLES);
    return page.entries().isEmpty() ? commit(lease, page.last()) : true;
  }

  /** False when the lease was lost on the way. */
  private boolean entries(Lease lease, List<LogEntry> entries) throws Exception {
    var events = new ArrayList<Event>(entries.size());
    for (LogEntry entry : entries) {
      switch (entry) {
        case Event event -> events.add(event);
        case Epoch epoch -> {
          if (!act(lease, events)) {
            return false;
          }
          events.clear();
          undo(epoch);
          if (!commit(lease, epoch.start())) {
            return false;
          }
        }
        case LogEntry.Unreadable(EventId id) -> {
          if (!act(lease, events) || !commit(lease, id)) {
            return false;
          }
          events.clear();
        }
      }
    }
    return act(lease, events);
  }

  private boolean act(Lease lease, List<Event> events) throws Exception {
    if (events.isEmpty()) {
      return true;
    }
    if (oneByOne > 0) {
      return actAlone(lease, events.getFirst());
    }
    try {
      job.act(List.copyOf(events));
    } catch (NotNow | LogUnavailable | InterruptedException nobodysFault) {
      throw nobodysFault;
    } catch (Exception e) {
      oneByOne = events.size();
      throw e;
    }
    counters.add(Count.ACTED, events.size());
    return commit(lease, events.getLast().id());
  }

  /** While it goes one by one, a page holds no more than that one. */
  private boolean actAlone(Lease lease, Event event) throws Exception {
    int tries = Await.answer(ledger.attempt(lease, event.id(), anew));
    anew = false;
    if (tries == 0) {
      counters.add(Count.FENCED);
      return false;
    }
    if (tries > Limits.JOB_TRIES) {
      return bury(lease, event, "it ended the process that tried it");
    }
    try {
      job.act(List.of(event));
    } catch (NotNow | LogUnavailable | InterruptedException nobodysFault) {
      anew = true;
      throw nobodysFault;
    } catch (Exception e) {
      if (tries < Limits.JOB_TRIES) {
        throw e;
      }
      return bury(lease, event, e.toString());
    }
    oneByOne--;
    counters.add(Count.ACTED);
    return commit(lease, event.id());
  }

  private boolean bury(Lease lease, Event event, String reason) throws InterruptedException {
    LOG.error("job {} gives up on {} of {}: {}", job.name(), event.id(), event.room(), reason);
    var letter =
        new DeadLetter(
            event.at(),
            job.name(),
            event.room(),
            event.id(),
            Limits.JOB_TRIES,
            reason.substring(0, Math.min(reason.length(), Limits.DEAD_REASON_CHARS)));
    if (!step(event.id(), step -> ledger.bury(lease, step, letter))) {
      return false;
    }
    oneByOne--;
    counters.add(Count.DEAD);
    return true;
  }

  private void undo(Epoch epoch) throws Exception {
    LOG.info(
        "job {} undoes what lies between {} and {}", job.name(), epoch.branch(), epoch.start());
    job.undo(epoch);
    counters.add(Count.UNDONE);
  }

  private boolean commit(Lease lease, EventId cursor) throws InterruptedException {
    return step(cursor, step -> ledger.commit(lease, step));
  }

  private boolean step(EventId to, Function<Advance, CompletionStage<Outcome>> how)
      throws InterruptedException {
    // Until there is an answer nobody knows where the cursor stands.
    unsure = true;
    Outcome outcome = Await.answer(how.apply(new Advance(Optional.ofNullable(at), to, epoch)));
    unsure = false;
    if (outcome == Outcome.FENCED) {
      counters.add(Count.FENCED);
      return false;
    }
    at = to;
    return true;
  }
}
