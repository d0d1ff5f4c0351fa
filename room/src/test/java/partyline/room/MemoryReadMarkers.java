package partyline.room;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The contract in memory, over any log. */
public final class MemoryReadMarkers implements ReadMarkers {

  private final RoomLog log;
  private final InstantSource clock;
  private final Consumer<Ephemeral> told;

  // Guarded by this.
  private final Map<List<Object>, Marker> markers = new HashMap<>();

  public MemoryReadMarkers(RoomLog log, InstantSource clock, Consumer<Ephemeral> told) {
    this.log = log;
    this.clock = clock;
    this.told = told;
  }

  @Override
  public CompletionStage<Reached> reach(RoomId room, UserId user, EventId id) {
    var after = new HistoryQuery(HistoryQuery.From.AFTER, id, Limits.HISTORY_PAGE_MESSAGES);
    return log.history(room, after)
        .thenCombine(
            log.snapshot(room, 0, List.of()),
            (next, now) -> reach(room, user, id, next.messages(), now));
  }

  private synchronized Reached reach(
      RoomId room, UserId user, EventId wanted, List<Message> next, Snapshot now) {
    EventId id = wanted.isAfter(now.head()) ? now.head() : wanted;
    Marker was = markers.getOrDefault(List.of(room, user), Marker.NONE);
    if (!id.isAfter(was.id())) {
      return new Reached(was, false, now.lastNumber());
    }
    long number =
        next.stream()
            .filter(message -> !message.isDeleted())
            .findFirst()
            .map(message -> message.number() - 1)
            .orElse(now.lastNumber());
    var marker = new Marker(id, number);
    markers.put(List.of(room, user), marker);
    told(user, room, marker);
    return new Reached(marker, true, now.lastNumber());
  }

  @Override
  public CompletionStage<Void> tell(UserId user, RoomId room, Marker marker) {
    told(user, room, marker);
    return CompletableFuture.completedFuture(null);
  }

  private void told(UserId user, RoomId room, Marker marker) {
    String data =
        String.format(
            "{\"room\":%s,\"id\":\"%s\",\"number\":%d}",
            Json.quote(room.value()), marker.id(), marker.number());
    told.accept(
        new Ephemeral(
            RoomId.inboxOf(user), EventType.READ, clock.instant(), Optional.empty(), data));
  }
}
