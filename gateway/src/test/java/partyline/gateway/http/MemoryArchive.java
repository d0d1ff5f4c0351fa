package partyline.gateway.http;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import partyline.room.Archive;
import partyline.room.ArchiveUnavailable;
import partyline.room.EventId;
import partyline.room.HistoryQuery;
import partyline.room.Message;
import partyline.room.RoomId;

/** An archive that holds what the test puts there, in the order of ids. */
final class MemoryArchive implements Archive {

  private final List<Message> messages = new CopyOnWriteArrayList<>();
  volatile boolean away;

  void put(Message message) {
    messages.add(message);
  }

  @Override
  public CompletionStage<List<Message>> messages(RoomId room, HistoryQuery query) {
    List<Message> all = messages.stream().filter(each -> each.room().equals(room)).toList();
    List<Message> before = all.stream().filter(each -> query.id().isAfter(each.id())).toList();
    List<Message> after = all.stream().filter(each -> each.id().isAfter(query.id())).toList();
    List<Message> from = all.stream().filter(each -> !query.id().isAfter(each.id())).toList();
    int half = query.limit() / 2;
    return answer(
        switch (query.from()) {
          case LATEST -> last(all, query.limit());
          case BEFORE -> last(before, query.limit());
          case AFTER -> first(after, query.limit());
          case AROUND -> {
            var both = new ArrayList<>(last(before, half));
            both.addAll(first(from, query.limit() - half));
            yield both;
          }
        });
  }

  @Override
  public CompletionStage<Optional<Message>> message(RoomId room, EventId id) {
    return answer(
        messages.stream()
            .filter(each -> each.room().equals(room) && each.id().equals(id))
            .findFirst());
  }

  @Override
  public CompletionStage<List<Hit>> search(Search search) {
    return answer(
        messages.reversed().stream()
            .filter(each -> each.fields().contains(search.words()))
            .filter(each -> search.rooms().map(rooms -> rooms.contains(each.room())).orElse(true))
            .filter(each -> search.before().map(id -> id.isAfter(each.id())).orElse(true))
            .limit(search.limit())
            .map(each -> new Hit(each, "<mark>" + search.words() + "</mark>"))
            .toList());
  }

  private <T> CompletionStage<T> answer(T value) {
    return away ? failedFuture(new ArchiveUnavailable("it is away")) : completedFuture(value);
  }

  private static List<Message> last(List<Message> of, int count) {
    return of.subList(Math.max(0, of.size() - count), of.size());
  }

  private static List<Message> first(List<Message> of, int count) {
    return of.subList(0, Math.min(of.size(), count));
  }
}
