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
 * counted in the ledger, before each.
 *
 * <p>A job that was orphaned is taken up with care, or an event that ends every process that tries
 * it would never be found: one event, then two, four, eight… until it is a whole batch again. The
 * first of each is written down before. Example: the fifth event is deadly. w1 dies of 1…100, w2
 * does 1, 2–3, and dies of 4–7, w3 finds that a batch which began with 4 was tried before, goes one
 * by one, and dies of 5 alone, as do those after it until 5 is put aside. To go one by one at once
 * would find it one death sooner, and cost seconds after each worker that died of something else.
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
  private int careful;
  private boolean anew;
  private @Nullable Ahead ahead;

  /** A page that was asked for while the one before it was acted on. */
  private record Ahead(EventId after, int limit, CompletionStage<LogPage> page) {}

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
    ahead = null;
    if (claimed.orphaned() && oneByOne == 0) {
      careful = 1;
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
    LogPage page = read(from, limit());
    readAhead(page);
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

  private int limit() {
    if (oneByOne > 0) {
      return 1;
    }
    return careful > 0 ? Math.min(careful, job.batch()) : job.batch();
  }

  /** Where there is much, and the job wants it: nobody waits for Redis while the job works. */
  private void readAhead(LogPage page) {
    if (job.readsAhead() && page.more() && !page.entries().isEmpty() && limit() == job.batch()) {
      EventId after = page.entries().getLast().id();
      ahead = new Ahead(after, job.batch(), reader.log(after, seen, job.batch()));
    }
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
    Ahead begun = ahead;
    ahead = null;
    LogPage page =
        Await.answer(
            begun != null && begun.after().equals(after) && begun.limit() == limit
                ? begun.page()
                : reader.log(after, seen, limit));
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
      if (gone && !undo(lease, epoch)) {
        return false;
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
          if (!undo(lease, epoch) || !commit(lease, epoch.start())) {
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
    // Several only if an epoch parts them from the one that is suspected, in the same page.
    if (oneByOne > 0) {
      return actOnEach(lease, events);
    }
    if (careful > 0) {
      return actCarefully(lease, events);
    }
    return actOn(lease, events);
  }

  private boolean actCarefully(Lease lease, List<Event> events) throws Exception {
    int tries = attempt(lease, events.getFirst());
    if (tries > 1) {
      return actOneByOne(lease, events, tries);
    }
    boolean held = tries > 0 && actOn(lease, events);
    careful = 2 * careful < job.batch() ? 2 * careful : 0;
    return held;
  }

  /** One of these, or of those that came with them, is suspected. */
  private boolean actOneByOne(Lease lease, List<Event> events, int triesOfFirst) throws Exception {
    oneByOne = Math.max(job.batch(), events.size());
    careful = 0;
    return actAlone(lease, events.getFirst(), triesOfFirst)
        && actOnEach(lease, events.subList(1, events.size()));
  }

  private boolean actOnEach(Lease lease, List<Event> events) throws Exception {
    for (Event event : events) {
      if (!actAlone(lease, event, attempt(lease, event))) {
        return false;
      }
    }
    return true;
  }

  private boolean actOn(Lease lease, List<Event> events) throws Exception {
    try {
      job.act(List.copyOf(events));
    } catch (NotNow | LogUnavailable | InterruptedException nobodysFault) {
      anew = true;
      throw nobodysFault;
    } catch (Exception e) {
      oneByOne = events.size();
      careful = 0;
      throw e;
    }
    counters.add(Count.ACTED, events.size());
    return commit(lease, events.getLast().id());
  }

  /**
   * Which try this is, 1 for the first, 0 if the lease was lost. What Redis did not answer says
   * nothing of the event: it is counted anew.
   */
  private int attempt(Lease lease, Event event) throws InterruptedException {
    boolean forgotten = anew;
    anew = true;
    int tries = Await.answer(ledger.attempt(lease, event.id(), forgotten));
    anew = false;
    if (tries == 0) {
      counters.add(Count.FENCED);
    }
    return tries;
  }

  private boolean actAlone(Lease lease, Event event, int tries) throws Exception {
    if (tries == 0) {
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

  /**
   * Not by one who stood still until another had the job, was past this epoch, and had done what
   * comes after it: so the lease is looked at first.
   */
  private boolean undo(Lease lease, Epoch epoch) throws Exception {
    if (at != null && !commit(lease, at)) {
      return false;
    }
    LOG.info(
        "job {} undoes what lies between {} and {}", job.name(), epoch.branch(), epoch.start());
    job.undo(epoch);
    counters.add(Count.UNDONE);
    return true;
  }

  private boolean commit(Lease lease, EventId cursor) throws InterruptedException {
    return step(cursor, step -> ledger.commit(lease, step));
  }

  private boolean step(EventId to, Function<Advance, CompletionStage<Outcome>> how)
      throws InterruptedException {
    // Until there is an answer nobody knows where the cursor stands, nor blames an event for it.
    unsure = true;
    anew = true;
    Outcome outcome = Await.answer(how.apply(new Advance(Optional.ofNullable(at), to, epoch)));
    unsure = false;
    anew = false;
    if (outcome == Outcome.FENCED) {
      counters.add(Count.FENCED);
      return false;
    }
    at = to;
    return true;
  }
}
