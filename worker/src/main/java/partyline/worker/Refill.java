package partyline.worker;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import partyline.room.ArchiveWriter;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.HistoryQuery.From;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.RoomsPage;

/**
 * Writes into the archive what the log no longer holds and rooms still do: of each room that had an
 * event since, its last events, and where these don't reach back, its messages as they stand.
 *
 * <p>What can't be had is counted by numbers, which have no holes. Example: the archive ends at
 * number 100, the room's history begins with 140: 39 messages are lost. Where history is empty too,
 * the first message that the log will bring tells as much, or the number that the room has come to.
 */
final class Refill {

  private final RoomLog log;
  private final Directory directory;
  private final ArchiveWriter archive;

  Refill(RoomLog log, Directory directory, ArchiveWriter archive) {
    this.log = log;
    this.directory = directory;
    this.archive = archive;
  }

  /** All rooms that ever had an event, by name, page by page. */
  interface Directory {
    CompletionStage<List<RoomId>> rooms(Optional<RoomId> after, int limit);
  }

  /**
   * @param messages written, be it for the first time or not
   * @param lost messages that nobody has any more
   */
  record Filled(long messages, long lost) {
    static final Filled NOTHING = new Filled(0, 0);

    Filled and(Filled other) {
      return new Filled(messages + other.messages, lost + other.lost);
    }
  }

  /**
   * @param after ZERO for everything there is: then nothing counts as lost
   * @param first where the log goes on; ZERO if it holds nothing
   */
  Filled run(long term, EventId after, EventId first) throws InterruptedException {
    EventId before = first.equals(EventId.ZERO) ? new EventId(Long.MAX_VALUE, 0) : first;
    Filled all = Filled.NOTHING;
    Optional<RoomId> last = Optional.empty();
    while (true) {
      List<RoomId> rooms = Await.answer(directory.rooms(last, Limits.LIST_PAGE));
      if (rooms.isEmpty()) {
        return all;
      }
      last = Optional.of(rooms.getLast());
      List<RoomId> ofPeople = rooms.stream().filter(room -> !room.isInbox()).toList();
      var heads = Await.answer(log.heads(ofPeople));
      for (RoomId room : ofPeople) {
        if (heads.getOrDefault(room, EventId.ZERO).isAfter(after)) {
          all = all.and(fill(term, room, after, before));
        }
      }
    }
  }

  private Filled fill(long term, RoomId room, EventId after, EventId before)
      throws InterruptedException {
    long known = archive.lastNumber(room);
    Seen seen = events(term, room, after, before);
    // Their messages were among them; else they are to be had as they stand, all else is not.
    return seen.whole() ? Filled.NOTHING : messages(term, room, after, before, known, seen);
  }

  /**
   * What is known of a room's events.
   *
   * @param whole whether these were all that happened since
   * @param next the number of the first message that the log will bring; 0 if none is known
   */
  private record Seen(boolean whole, long next) {}

  private Seen events(long term, RoomId room, EventId after, EventId before)
      throws InterruptedException {
    boolean whole = true;
    long next = 0;
    EventId from = after;
    while (true) {
      RoomsPage page = Await.answer(log.rooms(List.of(room), from, Limits.REPLAY_EVENTS_PER_ROOM));
      whole &= page.holes().isEmpty();
      List<Event> events =
          page.events().stream().filter(event -> before.isAfter(event.id())).toList();
      if (!events.isEmpty()) {
        Archiving.PenTaken.unless(archive.write(term, events));
      }
      next = next > 0 ? next : firstOf(page.events(), before);
      if (!page.more() || !page.complete().isAfter(from) || !before.isAfter(page.complete())) {
        return new Seen(whole, next);
      }
      from = page.complete();
    }
  }

  private static long firstOf(List<Event> events, EventId from) {
    return events.stream()
        .filter(event -> event.type().equals(EventType.MESSAGE_CREATED))
        .filter(event -> !from.isAfter(event.id()))
        .mapToLong(Event::number)
        .findFirst()
        .orElse(0);
  }

  private Filled messages(
      long term, RoomId room, EventId after, EventId before, long known, Seen seen)
      throws InterruptedException {
    long written = 0;
    long lost = 0;
    EventId from = after;
    while (true) {
      HistoryPage page =
          Await.answer(
              log.history(room, new HistoryQuery(From.AFTER, from, Limits.HISTORY_PAGE_MESSAGES)));
      List<Message> messages = page.messages();
      if (messages.isEmpty()) {
        boolean none = from.equals(after) && !after.equals(EventId.ZERO);
        return new Filled(written, none ? lostBefore(next(room, seen), known) : lost);
      }
      if (from.equals(after) && !after.equals(EventId.ZERO)) {
        lost = lostBefore(messages.getFirst().number(), known);
      }
      List<Message> due =
          messages.stream().filter(message -> before.isAfter(message.id())).toList();
      Archiving.PenTaken.unless(archive.restore(term, due));
      written += due.size();
      if (due.size() < Limits.HISTORY_PAGE_MESSAGES) {
        return new Filled(written, lost);
      }
      from = messages.getLast().id();
    }
  }

  private long next(RoomId room, Seen seen) throws InterruptedException {
    return seen.next() > 0
        ? seen.next()
        : 1 + Await.answer(log.snapshot(room, 1, List.of())).lastNumber();
  }

  private static long lostBefore(long next, long known) {
    return Math.max(0, next - known - 1);
  }
}
