package partyline.worker;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import partyline.room.ArchiveWriter;
import partyline.room.ArchiveWriter.Written;
import partyline.room.Errands.Errand;
import partyline.room.EventId;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.HistoryQuery.From;
import partyline.room.JobLedger;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.chat.Command;
import partyline.room.chat.Commands;
import partyline.room.chat.Intent;
import partyline.room.chat.Outcome;

/**
 * Deletes what somebody wrote, all of it or that of a time before it was asked for, as a moderator
 * would, one message after the other: who shows it is told, and tombstones stay.
 *
 * <p>First what rooms hold, newest first; then, when the archive has seen all that was said until
 * then, what only the archive holds; and it is done when the archive has seen the last deletion.
 *
 * <p>A place is {@code rooms <room>}, {@code room <id> <room>}, {@code said <id>}, {@code archive
 * <id> <room>} or {@code seen <id>}; {@code -} stands for none yet.
 */
final class Purge implements Errandry.Work {
  private static final String NONE = "-";

  private final RoomLog log;
  private final Refill.Directory directory;
  private final Optional<ArchiveWriter> archive;
  private final JobLedger ledger;
  private final Commands commands;

  Purge(
      RoomLog log,
      Refill.Directory directory,
      Optional<ArchiveWriter> archive,
      JobLedger ledger,
      Commands commands) {
    this.log = log;
    this.directory = directory;
    this.archive = archive;
    this.ledger = ledger;
    this.commands = commands;
  }

  @Override
  public Errand step(Errand errand) throws InterruptedException {
    String[] place = errand.place().split(" ", 3);
    return switch (place[0]) {
      case "room" -> room(errand, place[1], new RoomId(place[2]));
      case "said" -> whenSeen(errand, place[1], errand.at("archive - -", 0));
      case "archive" -> archived(errand, place[1], place[2]);
      case "seen" -> whenSeen(errand, place[1], errand.ended());
      default -> nextRoom(errand);
    };
  }

  private Errand nextRoom(Errand errand) throws InterruptedException {
    // An inbox is named after a user, who may be called anything.
    String[] place = errand.place().split(" ", 2);
    Optional<RoomId> after =
        place.length < 2 ? Optional.empty() : Optional.of(new RoomId(place[1]));
    List<RoomId> rooms = Await.answer(directory.rooms(after, 1));
    if (rooms.isEmpty()) {
      return archive.isEmpty() ? errand.ended() : errand.at("said " + end(), 0);
    }
    RoomId room = rooms.getFirst();
    // Nobody says anything in an inbox.
    return errand.at(room.isInbox() ? "rooms " + room : "room - " + room, 0);
  }

  private Errand room(Errand errand, String before, RoomId room) throws InterruptedException {
    int limit = Limits.HISTORY_PAGE_MESSAGES;
    HistoryQuery query =
        before.equals(NONE)
            ? HistoryQuery.latest(limit)
            : new HistoryQuery(From.BEFORE, EventId.of(before), limit);
    HistoryPage page = Await.answer(log.history(room, query));
    long deleted = 0;
    for (Message message : page.messages().reversed()) {
      if (isDue(errand, message)) {
        if (!delete(message)) {
          return errand.at(errand.place(), deleted);
        }
        deleted++;
      }
    }
    boolean more =
        page.messages().size() == limit && isOfTheTime(errand, page.messages().getFirst());
    return more
        ? errand.at("room " + page.messages().getFirst().id() + " " + room, deleted)
        : errand.at("rooms " + room, deleted);
  }

  private Errand archived(Errand errand, String id, String room) throws InterruptedException {
    Optional<Written> after =
        id.equals(NONE)
            ? Optional.empty()
            : Optional.of(new Written(EventId.of(id), new RoomId(room)));
    int limit = Limits.ARCHIVE_STEP_ROWS;
    List<Message> written = archive.orElseThrow().by(errand.user(), after, limit);
    long deleted = 0;
    for (Message message : written) {
      // What the rooms had is deleted already, and the archive may not know yet.
      if (isDue(errand, message)) {
        if (!delete(message)) {
          return errand.at(errand.place(), deleted);
        }
        deleted++;
      }
    }
    if (written.size() < limit) {
      return errand.at("seen " + end(), deleted);
    }
    Message last = written.getLast();
    return errand.at("archive " + last.id() + " " + last.room(), deleted);
  }

  private static boolean isDue(Errand errand, Message message) {
    return !message.isDeleted()
        && isOfTheTime(errand, message)
        && Personal.isBy(message, errand.user());
  }

  private static boolean isOfTheTime(Errand errand, Message message) {
    Instant since = errand.last().map(errand.at()::minus).orElse(Instant.MIN);
    return !message.at().isBefore(since);
  }

  /** False if it has to be tried again in a while. What can't be deleted is gone with its room. */
  private boolean delete(Message message) throws InterruptedException {
    var delete = new Intent(message.room(), Site.ACTOR, new Command.Delete(message.id()));
    return switch (Await.answer(commands.carryOut(delete))) {
      case Outcome.Limited _, Outcome.Busy _ -> false;
      default -> true;
    };
  }

  private EventId end() throws InterruptedException {
    return Await.answer(log.log(EventId.ZERO, EventId.ZERO, 1)).last();
  }

  private Errand whenSeen(Errand errand, String id, Errand next) throws InterruptedException {
    Map<String, EventId> cursors = Await.answer(ledger.cursors());
    EventId cursor = cursors.getOrDefault(Archiving.JOB, EventId.ZERO);
    return EventId.of(id).isAfter(cursor) ? errand : next;
  }
}
