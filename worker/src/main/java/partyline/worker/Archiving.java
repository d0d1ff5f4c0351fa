package partyline.worker;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.ArchiveUnavailable;
import partyline.room.ArchiveWriter;
import partyline.room.ArchiveWriter.Undone;
import partyline.room.Claim;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.JobLedger;
import partyline.room.JobLedger.Outcome;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.LogPage;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.RoomLog;

/**
 * Writes what happens in rooms into the archive: a cursor over the log, and the archive's pen.
 *
 * <p>The log refuses the cursor of an owner that was replaced; the pen refuses its rows. Both are
 * needed. Example: w1 has read 20 and 21 and stands still; Redis fails over to a replica that knows
 * nothing of them; w2 takes the job, finds the epoch, and takes back what lies behind its branch.
 * When w1 wakes and writes 20 and 21 before it asks the log anything, its term is an old one and
 * nothing is written.
 *
 * <p>Inboxes are not archived: what they hold concerns one person, and is told again by rooms.
 */
final class Archiving implements Duty {
  private static final Logger LOG = LoggerFactory.getLogger(Archiving.class);
  static final String JOB = "archive";

  private final RoomLog log;
  private final ArchiveWriter archive;
  private final Refill refill;
  private final Counters counters;
  private final JobCursor cursor;

  // Owned by the loop's thread. No term: the pen is to be taken before anything is written.
  private long term;
  private boolean first;
  private int unsorted;

  Archiving(
      RoomLog log,
      Refill.Directory directory,
      ArchiveWriter archive,
      JobLedger ledger,
      Counters counters) {
    this.log = log;
    this.archive = archive;
    this.counters = counters;
    refill = new Refill(log, directory, archive);
    cursor = new JobCursor(new Writing(), log, ledger, counters);
  }

  @Override
  public String job() {
    return JOB;
  }

  @Override
  public void begin(Claim.Claimed claimed) {
    cursor.begin(claimed);
    term = 0;
    first = claimed.cursor().isEmpty();
  }

  @Override
  public Optional<Duration> turn(Lease lease) throws Exception {
    try {
      if (term == 0) {
        term = archive.take(lease.owner());
      }
      if (first) {
        takeOver();
        first = false;
      }
      Optional<Duration> rest = cursor.turn(lease);
      if (unsorted >= Limits.SEARCH_UNSORTED && rest.isPresent() && rest.get().isPositive()) {
        archive.sort();
        unsorted = 0;
      }
      return rest;
    } catch (PenTaken taken) {
      return fenced();
    } catch (ArchiveUnavailable away) {
      throw new NotNow(String.valueOf(away.getMessage()), away);
    } catch (NotNow fromWithin) {
      if (fromWithin.getCause() instanceof PenTaken) {
        return fenced();
      }
      throw fromWithin;
    }
  }

  private Optional<Duration> fenced() {
    LOG.warn("somebody else writes the archive by now");
    counters.add(Count.FENCED);
    return Optional.empty();
  }

  /** What was said before there was an archive, as far as rooms have it and the log has not. */
  private void takeOver() throws InterruptedException {
    LogPage page = Await.answer(log.log(EventId.ZERO, EventId.ZERO, 1));
    if (page.trimmed()) {
      refill.run(term, EventId.ZERO, page.first());
    }
  }

  /** Whoever has the pen now has the job as well, or will notice that it hasn't. */
  static final class PenTaken extends RuntimeException {
    private static final long serialVersionUID = 1;

    static void unless(Outcome outcome) {
      if (outcome == Outcome.FENCED) {
        throw new PenTaken();
      }
    }
  }

  private final class Writing implements Job {

    @Override
    public String name() {
      return JOB;
    }

    @Override
    public Begin begin() {
      return Begin.OLDEST;
    }

    @Override
    public int batch() {
      return Limits.LOG_PAGE_ENTRIES;
    }

    @Override
    public boolean readsAhead() {
      return true;
    }

    /** No event is to blame for an archive that is away. */
    @Override
    public void act(List<Event> events) throws NotNow {
      List<Event> ofRooms = events.stream().filter(event -> !event.room().isInbox()).toList();
      try {
        PenTaken.unless(archive.write(term, ofRooms));
        unsorted += ofRooms.size();
      } catch (ArchiveUnavailable | PenTaken notNow) {
        throw new NotNow(String.valueOf(notNow.getMessage()), notNow);
      }
    }

    @Override
    public void undo(Epoch epoch) throws InterruptedException {
      Undone undone = archive.undo(term, epoch, isAllToCome(epoch), this::present);
      PenTaken.unless(undone.outcome());
      if (undone.rows() > 0) {
        LOG.warn("{} rows of a lost branch were taken back from the archive", undone.rows());
      }
      if (undone.lost() > 0) {
        LOG.error(
            "{} messages stay deleted in the archive although their deletion was lost: nobody has"
                + " their text any more",
            undone.lost());
        counters.add(Count.EVENTS_LOST, undone.lost());
      }
    }

    /** Nothing above it was archived from this log yet, or it is archived once more. */
    private boolean isAllToCome(Epoch epoch) throws InterruptedException {
      return !Await.answer(log.log(epoch.start(), epoch.start(), 1)).trimmed();
    }

    private Map<EventId, Message> present(RoomId room, Collection<EventId> ids)
        throws InterruptedException {
      var found = new HashMap<EventId, Message>();
      List<EventId> all = List.copyOf(ids);
      for (int from = 0; from < all.size(); from += Limits.VIEW_MESSAGES) {
        List<EventId> some = all.subList(from, Math.min(all.size(), from + Limits.VIEW_MESSAGES));
        found.putAll(Await.answer(log.view(room, List.of(), some)).messages());
      }
      return found;
    }

    @Override
    public void hole(EventId after, EventId oldest) throws InterruptedException {
      Refill.Filled filled = refill.run(term, after, oldest);
      counters.add(Count.EVENTS_LOST, filled.lost());
      if (filled.lost() > 0) {
        LOG.error(
            "the archive lacks {} messages, and perhaps other events, between {} and {}: the log"
                + " was cut at its ceiling before they were archived, and their rooms hold them no"
                + " more; {} messages were refilled",
            filled.lost(),
            after,
            oldest,
            filled.messages());
      } else {
        LOG.warn(
            "the archive stood still until the log was cut at its ceiling; {} messages between {}"
                + " and {} were refilled from their rooms, and none is missing",
            filled.messages(),
            after,
            oldest);
      }
    }
  }
}
