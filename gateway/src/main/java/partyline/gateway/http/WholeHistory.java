package partyline.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.Archive;
import partyline.room.ArchiveUnavailable;
import partyline.room.EventId;
import partyline.room.HistoryPage;
import partyline.room.HistoryQuery;
import partyline.room.HistoryQuery.From;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.Snapshot;
import partyline.room.View;
import partyline.room.chat.Pins;
import partyline.room.chat.RoomFields;

/**
 * A room's messages: from the log as far as it holds them, and from the archive what came before.
 *
 * <p>The log is asked first, always, and the archive only where the log's page says that messages
 * are missing at its old end. What the log forgets between the two answers was archived before; so
 * no message can fall through the seam, and numbers, which have no holes, tell if one did.
 *
 * <p>Example: the log holds numbers 400 to 500 of a room, the archive 1 to 480. Fifty before 420:
 * 400 to 419 come from the log, with a gap, and 370 to 399 from the archive; 369 is there too, so
 * the page has no gap.
 */
final class WholeHistory {

  private final RoomLog log;
  private final Optional<Archive> archive;

  /**
   * @param archive empty where there is none: then history ends where the log's does
   */
  WholeHistory(RoomLog log, Optional<Archive> archive) {
    this.log = log;
    this.archive = archive;
  }

  /** Fails as the log does, or with {@link ArchiveUnavailable} if only the archive could tell. */
  CompletionStage<HistoryPage> page(RoomId room, HistoryQuery query) {
    return log.history(room, query)
        .thenCompose(page ->
            archive.isPresent() && page.gap()
                ? joined(archive.get(), room, query, page)
                : CompletableFuture.completedFuture(page));
  }

  /**
   * What a snapshot shows, with what came before if it shows less than was wanted; without that
   * while the archive is away.
   */
  CompletionStage<Snapshot> filled(RoomId room, Snapshot snapshot, int wanted) {
    List<Message> newer = snapshot.messages();
    long first = newer.isEmpty() ? snapshot.lastNumber() + 1 : newer.getFirst().number();
    int missing = wanted - newer.size();
    if (archive.isEmpty() || missing <= 0 || first <= 1) {
      return CompletableFuture.completedFuture(snapshot);
    }
    HistoryQuery query =
        newer.isEmpty()
            ? HistoryQuery.latest(missing)
            : new HistoryQuery(From.BEFORE, newer.getFirst().id(), missing);
    return archive
        .get()
        .messages(room, query)
        .thenCompose(older -> pinned(room, older))
        .thenApply(older -> {
          boolean joins = !older.isEmpty() && older.getLast().number() + 1 == first;
          return joins ? snapshot.with(merged(older, newer)) : snapshot;
        })
        .exceptionally(_ -> snapshot);
  }

  /** One that the log does not have. */
  CompletionStage<Optional<Message>> older(RoomId room, EventId id) {
    return archive
        .map(there ->
            there
                .message(room, id)
                .thenCompose(found -> pinned(room, found.stream().toList()))
                .thenApply(found -> found.stream().findFirst()))
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()));
  }

  private CompletionStage<HistoryPage> joined(
      Archive there, RoomId room, HistoryQuery query, HistoryPage page) {
    return switch (query.from()) {
      case LATEST, BEFORE -> before(there, room, query, page);
      case AFTER -> after(there, room, query, page);
      case AROUND -> around(there, room, query, page);
    };
  }

  private CompletionStage<HistoryPage> before(
      Archive there, RoomId room, HistoryQuery query, HistoryPage page) {
    List<Message> newer = page.messages();
    boolean latest = query.from() == From.LATEST;
    if (newer.isEmpty() && !latest) {
      return archived(there, room, query, page);
    }
    int missing = query.limit() - newer.size();
    // One more than the page has room for tells whether there are more.
    int asked = missing + 1;
    HistoryQuery rest =
        newer.isEmpty() && latest
            ? HistoryQuery.latest(asked)
            : new HistoryQuery(From.BEFORE, newer.getFirst().id(), asked);
    return there
        .messages(room, rest)
        .thenApply(older -> {
          if (!newer.isEmpty() && !follows(older, newer)) {
            return page;
          }
          boolean more = older.size() > missing;
          List<Message> kept = last(older, missing);
          var messages = new ArrayList<Message>(kept);
          messages.addAll(newer);
          return new HistoryPage(messages, !more && reachesNoBeginning(messages));
        })
        .exceptionallyCompose(away ->
            // Who asks for the latest is shown what there is; for what came before they ask again.
            latest && !newer.isEmpty()
                ? CompletableFuture.completedFuture(new HistoryPage(newer, false))
                : CompletableFuture.failedFuture(away))
        .thenCompose(joined -> pinned(room, joined));
  }

  /**
   * What lies before an id of which the log knows nothing older. An archive that is behind has what
   * looks like a page and is not the one before the id; so the message of the id comes along, or
   * else what follows is looked for.
   *
   * <p>Example: the log begins at number 600, the archive ends at 450 and will have 599 in a while.
   * What is there before 500 is a gap, not 450.
   */
  private CompletionStage<HistoryPage> archived(
      Archive there, RoomId room, HistoryQuery query, HistoryPage page) {
    EventId id = query.id();
    var upTo = new HistoryQuery(From.BEFORE, after(id), query.limit() + 2);
    return there
        .messages(room, upTo)
        .thenCompose(found -> {
          boolean known = !found.isEmpty() && found.getLast().id().equals(id);
          List<Message> older = known ? found.subList(0, found.size() - 1) : found;
          long behind = older.isEmpty() ? 1 : older.getLast().number() + 1;
          CompletionStage<Long> next =
              known
                  ? CompletableFuture.completedFuture(found.getLast().number())
                  : next(there, room, id);
          return next.thenApply(number -> {
            if (number != behind) {
              return page;
            }
            List<Message> messages = last(older, query.limit());
            boolean more = older.size() > query.limit();
            return new HistoryPage(messages, !more && behind > 1 && reachesNoBeginning(messages));
          });
        })
        .thenCompose(joined -> pinned(room, joined));
  }

  /** The number of the first message at an id or after it, or that the next one will have. */
  private CompletionStage<Long> next(Archive there, RoomId room, EventId id) {
    var query = new HistoryQuery(From.AROUND, id, 2);
    return log.history(room, query)
        .thenCombine(
            there.messages(room, query),
            (logged, archived) ->
                merged(archived, logged.messages()).stream()
                    .filter(message -> !id.isAfter(message.id()))
                    .findFirst())
        .thenCompose(found ->
            found.isPresent()
                ? CompletableFuture.completedFuture(found.get().number())
                : log.snapshot(room, 0, List.of()).thenApply(now -> now.lastNumber() + 1));
  }

  private static EventId after(EventId id) {
    return new EventId(id.ms(), id.seq() + 1);
  }

  private static List<Message> last(List<Message> messages, int count) {
    return messages.subList(Math.max(0, messages.size() - count), messages.size());
  }

  private CompletionStage<HistoryPage> after(
      Archive there, RoomId room, HistoryQuery query, HistoryPage page) {
    // A message before the id, if there is one, shows that none is missing in between.
    var before = new HistoryQuery(From.BEFORE, after(query.id()), 1);
    return there
        .messages(room, query)
        .thenCombine(
            there.messages(room, before),
            (older, last) -> {
              List<Message> newer = page.messages();
              if (older.isEmpty()) {
                return !last.isEmpty() && follows(last, newer)
                    ? new HistoryPage(newer, false)
                    : page;
              }
              List<Message> messages =
                  newer.isEmpty() || reaches(older, newer) ? merged(older, newer) : older;
              boolean gap =
                  last.isEmpty() ? reachesNoBeginning(messages) : !follows(last, messages);
              return new HistoryPage(
                  messages.subList(0, Math.min(messages.size(), query.limit())), gap);
            })
        .thenCompose(joined -> pinned(room, joined));
  }

  private CompletionStage<HistoryPage> around(
      Archive there, RoomId room, HistoryQuery query, HistoryPage page) {
    int half = query.limit() / 2;
    return there
        .messages(room, query)
        .thenApply(archived -> {
          List<Message> all = merged(archived, page.messages());
          var older = new ArrayList<Message>();
          var newer = new ArrayList<Message>();
          for (Message message : all) {
            (query.id().isAfter(message.id()) ? older : newer).add(message);
          }
          List<Message> before =
              unbroken(older.reversed()).stream().limit(half).toList().reversed();
          if (!before.isEmpty() && !newer.isEmpty() && !follows(before, newer)) {
            before = List.of();
          }
          var messages = new ArrayList<Message>(before);
          unbroken(newer).stream().limit(query.limit() - half).forEach(messages::add);
          return new HistoryPage(messages, before.size() < half && reachesNoBeginning(messages));
        })
        .thenCompose(joined -> pinned(room, joined));
  }

  /** Which of them are pinned only the room knows. */
  private CompletionStage<HistoryPage> pinned(RoomId room, HistoryPage page) {
    return pinned(room, page.messages())
        .thenApply(messages -> new HistoryPage(messages, page.gap()));
  }

  private CompletionStage<List<Message>> pinned(RoomId room, List<Message> messages) {
    return log.view(room, List.of(RoomFields.PINS), List.of())
        .thenApply((View view) -> {
          Pins pins = Pins.of(view.field(RoomFields.PINS));
          return messages.stream()
              .map(message -> message.with(message.reactions(), pins.has(message.id())))
              .toList();
        });
  }

  private static boolean reachesNoBeginning(List<Message> messages) {
    return messages.isEmpty() || messages.getFirst().number() > 1;
  }

  /** Whether the second begins right behind the end of the first. */
  private static boolean follows(List<Message> first, List<Message> second) {
    return !first.isEmpty()
        && !second.isEmpty()
        && first.getLast().number() + 1 == second.getFirst().number();
  }

  /** Whether there is nothing between the two, which may overlap. */
  private static boolean reaches(List<Message> first, List<Message> second) {
    return first.getLast().number() + 1 >= second.getFirst().number();
  }

  /** In order; what both have, as the log has it. */
  private static List<Message> merged(List<Message> archived, List<Message> logged) {
    Map<EventId, Message> all = new TreeMap<>();
    archived.forEach(message -> all.put(message.id(), message));
    logged.forEach(message -> all.put(message.id(), message));
    return List.copyOf(all.values());
  }

  /** Up to where a number is missing. */
  private static List<Message> unbroken(List<Message> messages) {
    for (int i = 1; i < messages.size(); i++) {
      if (Math.abs(messages.get(i).number() - messages.get(i - 1).number()) != 1) {
        return messages.subList(0, i);
      }
    }
    return messages;
  }
}
