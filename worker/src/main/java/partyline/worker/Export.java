package partyline.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import partyline.room.ArchiveWriter;
import partyline.room.ArchiveWriter.Written;
import partyline.room.Errands;
import partyline.room.Errands.Errand;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.HistoryQuery.From;
import partyline.room.JobLedger;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.RoomLog;

/**
 * Writes down all messages of a person, as they stand, a line of JSON each: those of the archive
 * first, as far as that has come, then those that only the rooms hold.
 *
 * <p>A place is {@code archive <upto> <id> <room>}, {@code rooms <upto> <room>} or {@code room
 * <upto> <id> <room>}: how far the archive had come at the beginning, and what was written last.
 */
final class Export implements Errandry.Work {

  private final RoomLog log;
  private final Refill.Directory directory;
  private final Optional<ArchiveWriter> archive;
  private final JobLedger ledger;
  private final Errands errands;

  Export(
      RoomLog log,
      Refill.Directory directory,
      Optional<ArchiveWriter> archive,
      JobLedger ledger,
      Errands errands) {
    this.log = log;
    this.directory = directory;
    this.archive = archive;
    this.ledger = ledger;
    this.errands = errands;
  }

  @Override
  public Errand step(Errand errand) throws InterruptedException {
    String[] place = errand.place().split(" ", 4);
    return switch (place[0]) {
      case "archive" -> archived(errand, place);
      case "rooms" -> nextRoom(errand, place);
      case "room" -> room(errand, place);
      default -> begin(errand);
    };
  }

  private Errand begin(Errand errand) throws InterruptedException {
    if (archive.isEmpty()) {
      return errand.at("rooms 0-0", 0);
    }
    Map<String, EventId> cursors = Await.answer(ledger.cursors());
    EventId upTo = cursors.getOrDefault(Archiving.JOB, EventId.ZERO);
    return errand.at("archive " + upTo + " 0-0 -", 0);
  }

  private Errand archived(Errand errand, String[] place) throws InterruptedException {
    EventId upTo = EventId.of(place[1]);
    Optional<Written> after =
        place[3].equals("-")
            ? Optional.empty()
            : Optional.of(new Written(EventId.of(place[2]), new RoomId(place[3])));
    List<Message> found = archive.orElseThrow().by(errand.user(), after, Limits.ARCHIVE_STEP_ROWS);
    List<Message> due = found.stream().filter(message -> !message.id().isAfter(upTo)).toList();
    Errand grown = write(errand, due);
    if (due.size() < Limits.ARCHIVE_STEP_ROWS) {
      return grown.at("rooms " + upTo, due.size());
    }
    Message last = due.getLast();
    return grown.at("archive " + upTo + " " + last.id() + " " + last.room(), due.size());
  }

  private Errand nextRoom(Errand errand, String[] place) throws InterruptedException {
    // An inbox is named after a user, who may be called anything.
    String[] rest = errand.place().split(" ", 3);
    Optional<RoomId> after = rest.length < 3 ? Optional.empty() : Optional.of(new RoomId(rest[2]));
    List<RoomId> rooms = Await.answer(directory.rooms(after, Limits.LIST_PAGE));
    if (rooms.isEmpty()) {
      return errand.ended();
    }
    EventId upTo = EventId.of(place[1]);
    List<RoomId> ofPeople = rooms.stream().filter(room -> !room.isInbox()).toList();
    Map<RoomId, EventId> heads = Await.answer(log.heads(ofPeople));
    for (RoomId room : ofPeople) {
      if (heads.getOrDefault(room, EventId.ZERO).isAfter(upTo)) {
        return errand.at("room " + upTo + " " + upTo + " " + room, 0);
      }
    }
    return errand.at("rooms " + upTo + " " + rooms.getLast(), 0);
  }

  private Errand room(Errand errand, String[] place) throws InterruptedException {
    var room = new RoomId(place[3]);
    var query = new HistoryQuery(From.AFTER, EventId.of(place[2]), Limits.HISTORY_PAGE_MESSAGES);
    HistoryPage page = Await.answer(log.history(room, query));
    List<Message> theirs =
        page.messages().stream()
            .filter(message -> !message.isDeleted() && Personal.isBy(message, errand.user()))
            .toList();
    Errand grown = write(errand, theirs);
    return page.messages().size() < Limits.HISTORY_PAGE_MESSAGES
        ? grown.at("rooms " + place[1] + " " + room, theirs.size())
        : grown.at(
            "room " + place[1] + " " + page.messages().getLast().id() + " " + room, theirs.size());
  }

  /** In chunks that are packed, as Redis may be where they wait to be fetched. */
  private Errand write(Errand errand, List<Message> messages) throws InterruptedException {
    Errand grown = errand;
    var lines = new StringBuilder();
    for (Message message : messages) {
      lines.append(EventCodec.messageJson(message)).append('\n');
      if (lines.length() >= Limits.EXPORT_CHUNK_BYTES) {
        grown = keep(grown, lines);
      }
    }
    return lines.isEmpty() ? grown : keep(grown, lines);
  }

  private Errand keep(Errand errand, StringBuilder lines) throws InterruptedException {
    if (errand.chunks() == Limits.EXPORT_CHUNKS) {
      throw new IllegalStateException("more than " + Limits.EXPORT_CHUNKS + " chunks");
    }
    String packed = packed(lines.toString());
    lines.setLength(0);
    Await.answer(errands.keep(errand.id(), errand.chunks(), packed, Limits.EXPORT_KEPT));
    return errand.grown();
  }

  private static String packed(String lines) {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(lines.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
