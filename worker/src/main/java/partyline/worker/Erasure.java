package partyline.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.ArchiveWriter;
import partyline.room.Audit;
import partyline.room.Change;
import partyline.room.Errands;
import partyline.room.Errands.Errand;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.HistoryQuery.From;
import partyline.room.JobLedger;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.LogEntry;
import partyline.room.LogPage;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.RoomsPage;
import partyline.room.UserId;
import partyline.room.View;
import partyline.room.chat.Command;
import partyline.room.chat.Commands;
import partyline.room.chat.Intent;
import partyline.room.chat.Outcome;
import partyline.room.chat.Pins;
import partyline.room.chat.RoomFields;

/**
 * Leaves nothing of what a person wrote, and not their name: in rooms, in the log, in inboxes, in
 * the archive. That they said something stays, and their id; so numbers have no holes, and answers
 * still answer something.
 *
 * <p>In this order: room by room, what they said there is deleted, which tells whoever shows it;
 * then what else there is of them, and their membership; then the log is gone through, for what no
 * room holds any more; then, when all jobs that write down what they read have come so far, what
 * others were told of them meanwhile; the archive; and at last what is kept of them in no room, and
 * their name in the audit.
 *
 * <p>A place is {@code rooms <room>}, {@code room <id> <room>}, {@code log <id> <kept>}, {@code
 * seen <id>}, {@code told <id>} or {@code archive}.
 */
final class Erasure implements Errandry.Work {

  private final RoomLog log;
  private final Refill.Directory directory;
  private final Optional<ArchiveWriter> archive;
  private final JobLedger ledger;
  private final Errands errands;
  private final Audit audit;
  private final Commands commands;

  Erasure(
      RoomLog log,
      Refill.Directory directory,
      Optional<ArchiveWriter> archive,
      JobLedger ledger,
      Errands errands,
      Audit audit,
      Commands commands) {
    this.log = log;
    this.directory = directory;
    this.archive = archive;
    this.ledger = ledger;
    this.errands = errands;
    this.audit = audit;
    this.commands = commands;
  }

  @Override
  public Errand step(Errand errand) throws InterruptedException {
    String[] place = errand.place().split(" ", 3);
    return switch (place[0]) {
      case "rooms" -> nextRoom(errand);
      case "room" -> room(errand, new RoomId(place[2]), EventId.of(place[1]));
      case "log" -> log(errand, EventId.of(place[1]), EventId.of(place[2]));
      case "seen" -> seen(errand, EventId.of(place[1]));
      case "told" -> told(errand, EventId.of(place[1]));
      case "archive" -> archived(errand);
      default -> errand.at("rooms", 0);
    };
  }

  private Errand nextRoom(Errand errand) throws InterruptedException {
    // An inbox is named after a user, who may be called anything.
    String[] place = errand.place().split(" ", 2);
    Optional<RoomId> after =
        place.length < 2 ? Optional.empty() : Optional.of(new RoomId(place[1]));
    List<RoomId> rooms = Await.answer(directory.rooms(after, 1));
    return rooms.isEmpty()
        ? errand.at("log 0-0 0-0", 0)
        : errand.at("room 0-0 " + rooms.getFirst(), 0);
  }

  private Errand room(Errand errand, RoomId room, EventId after) throws InterruptedException {
    var query = new HistoryQuery(From.AFTER, after, Limits.HISTORY_PAGE_MESSAGES);
    HistoryPage page = Await.answer(log.history(room, query));
    long erased = 0;
    for (Message message : page.messages()) {
      if (!message.isDeleted() && Personal.isBy(message, errand.user())) {
        erase(room, message.id());
        erased++;
      }
    }
    if (page.messages().size() == Limits.HISTORY_PAGE_MESSAGES) {
      return errand.at("room " + page.messages().getLast().id() + " " + room, erased);
    }
    if (!room.isInbox() && !leaves(room, errand.user())) {
      return errand.at(errand.place(), erased);
    }
    forgetEvents(room, errand.user());
    Await.answer(errands.forgetTraces(room, errand.user()));
    return errand.at("rooms " + room, erased);
  }

  /** False if it has to be tried again in a while: a membership says their name. */
  private boolean leaves(RoomId room, UserId user) throws InterruptedException {
    var leave = new Intent(room, Site.ACTOR, new Command.RemoveMember(user));
    return switch (Await.answer(commands.carryOut(leave))) {
      case Outcome.Limited _, Outcome.Busy _ -> false;
      default -> true;
    };
  }

  private void erase(RoomId room, EventId id) throws InterruptedException {
    for (int tries = 0; tries < Limits.COMMAND_TRIES; tries++) {
      View view = Await.answer(log.view(room, List.of(RoomFields.PINS), List.of(id)));
      Optional<Message> message = view.message(id).filter(found -> !found.isDeleted());
      if (message.isEmpty()) {
        return;
      }
      ObjectNode left = left(message.get(), view.now());
      var changes = new ArrayList<Change>();
      changes.add(new Change.Erase(id, Json.line(left)));
      Pins pins = Pins.of(view.field(RoomFields.PINS));
      if (pins.has(id)) {
        changes.add(new Change.Set(RoomFields.PINS, pins.without(id).json()));
      }
      Append append =
          Append.of(room, EventType.MESSAGE_DELETED, Site.BY, told(message.get(), left))
              .expecting(List.of(view.asRead(RoomFields.PINS)))
              .changing(changes);
      if (!(Await.answer(log.append(append, id)) instanceof AppendResult.Stale)) {
        return;
      }
    }
    throw new IllegalStateException("others are always faster to pin in " + room);
  }

  /** Whose it was is known by the id alone. */
  private static ObjectNode left(Message message, Instant now) {
    JsonNode said = json(message.fields());
    ObjectNode left = Json.MAPPER.createObjectNode();
    left.set("kind", said.path("kind"));
    ObjectNode by = left.putObject("by");
    by.put("id", said.path("by").path("id").asText("")).put("name", "");
    by.set("kind", said.path("by").path("kind"));
    if (said.has("reply_to")) {
      left.set("reply_to", said.path("reply_to"));
    }
    return left.put("deleted_at", now.toString());
  }

  private static String told(Message message, ObjectNode left) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    data.putObject("message")
        .put("id", message.id().toString())
        .put("number", message.number())
        .put("room", message.room().value())
        .put("at", message.at().toString())
        .setAll(left);
    return Json.line(data);
  }

  private void forgetEvents(RoomId room, UserId user) throws InterruptedException {
    EventId from = EventId.ZERO;
    while (true) {
      RoomsPage page = Await.answer(log.rooms(List.of(room), from, Limits.REPLAY_EVENTS_PER_ROOM));
      List<EventId> theirs =
          page.events().stream()
              .filter(event -> Personal.isOf(event, user))
              .map(Event::id)
              .toList();
      for (int i = 0; i < theirs.size(); i += Limits.LOG_PAGE_ENTRIES) {
        Await.answer(
            errands.forgetEntries(
                room, theirs.subList(i, Math.min(theirs.size(), i + Limits.LOG_PAGE_ENTRIES))));
      }
      if (!page.more() || !page.complete().isAfter(from)) {
        return;
      }
      from = page.complete();
    }
  }

  /**
   * @param kept the last entry that stays, which all jobs will therefore come to
   */
  private Errand log(Errand errand, EventId after, EventId kept) throws InterruptedException {
    LogPage page = Await.answer(log.log(after, after, Limits.LOG_PAGE_ENTRIES));
    Map<RoomId, List<EventId>> theirs = new LinkedHashMap<>();
    EventId last = kept;
    for (LogEntry entry : page.entries()) {
      if (entry instanceof Event event && Personal.isOf(event, errand.user())) {
        theirs.computeIfAbsent(event.room(), _ -> new ArrayList<>()).add(event.id());
      } else {
        last = entry.id();
      }
    }
    for (var room : theirs.entrySet()) {
      Await.answer(errands.forgetEntries(room.getKey(), room.getValue()));
    }
    return page.more()
        ? errand.at("log " + page.entries().getLast().id() + " " + last, 0)
        : errand.at("seen " + last, 0);
  }

  /** A job may have read what is gone by now, and be about to write it down. */
  private Errand seen(Errand errand, EventId last) throws InterruptedException {
    Map<String, EventId> cursors = Await.answer(ledger.cursors());
    boolean told = !last.isAfter(cursors.getOrDefault(Inboxes.JOB, last));
    boolean noted = !last.isAfter(cursors.getOrDefault(AuditJob.JOB, last));
    boolean archived =
        archive.isEmpty() || !last.isAfter(cursors.getOrDefault(Archiving.JOB, EventId.ZERO));
    return told && noted && archived ? errand.at("told " + last, 0) : errand;
  }

  private Errand told(Errand errand, EventId after) throws InterruptedException {
    Optional<EventId> next = forgetNotices(after, errand.user());
    if (next.isPresent()) {
      return errand.at("told " + next.get(), 0);
    }
    return archive.isEmpty() ? end(errand) : errand.at("archive", 0);
  }

  /**
   * Once more what others were told of what they did, in all of the log: for a partition whose part
   * is done, and whose people were told of other partitions since. A place is an id.
   */
  Errandry.Work notices() {
    return errand -> {
      EventId after = errand.place().isEmpty() ? EventId.ZERO : EventId.of(errand.place());
      return forgetNotices(after, errand.user())
          .map(next -> errand.at(next.toString(), 0))
          .orElseGet(errand::ended);
    };
  }

  /** Those of a page of the log, as they were written. Where the next one begins. */
  private Optional<EventId> forgetNotices(EventId after, UserId user) throws InterruptedException {
    LogPage page = Await.answer(log.log(after, after, Limits.LOG_PAGE_ENTRIES));
    for (LogEntry entry : page.entries()) {
      if (entry instanceof Event event && event.room().isInbox() && Personal.isOf(event, user)) {
        Await.answer(errands.forgetEntries(event.room(), List.of(event.id())));
      }
    }
    return page.more() ? Optional.of(page.entries().getLast().id()) : Optional.empty();
  }

  private Errand archived(Errand errand) throws InterruptedException {
    int erased = archive.orElseThrow().erase(errand.user());
    return erased > 0 ? errand.at("archive", erased) : end(errand);
  }

  private Errand end(Errand errand) throws InterruptedException {
    Await.answer(errands.forgetPerson(errand.user()));
    Await.answer(audit.forget(errand.user()));
    return errand.ended();
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException broken) {
      return Json.MAPPER.createObjectNode();
    }
  }
}
