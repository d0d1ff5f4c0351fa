package partyline.room;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Who reacted to which message, and what clients are told of it. Confined to its owner's lock. */
final class MemoryReactions {

  private record Place(RoomId room, EventId message) {}

  private record Reactor(Place place, String emoji, UserId user) {}

  private record Kind(String emoji, long count, List<UserId> users) {
    String json() {
      return users.stream()
          .map(user -> Json.quote(user.value()))
          .collect(
              Collectors.joining(
                  ",",
                  "{\"emoji\":" + Json.quote(emoji) + ",\"count\":" + count + ",\"users\":[",
                  "]}"));
    }
  }

  private final MemoryJournal journal;
  private final Map<Place, List<Kind>> kinds = new HashMap<>();
  private final Map<Reactor, Boolean> reactors = new HashMap<>();

  MemoryReactions(MemoryJournal journal) {
    this.journal = journal;
  }

  boolean isSo(RoomId room, Change.React react) {
    return reactors.containsKey(reactor(room, react)) == react.add();
  }

  boolean isFull(RoomId room, Change.React react) {
    return react.add()
        && count(room, react) == 0
        && of(new Place(room, react.message())).size() == Limits.REACTION_KINDS;
  }

  /** How many reactions of the kind there are before the change. */
  long count(RoomId room, Change.React react) {
    return of(new Place(room, react.message())).stream()
        .filter(kind -> kind.emoji.equals(react.emoji()))
        .mapToLong(Kind::count)
        .sum();
  }

  void change(RoomId room, Change.React react) {
    var place = new Place(room, react.message());
    var now = new ArrayList<Kind>();
    for (Kind kind : of(place)) {
      now.add(kind.emoji.equals(react.emoji()) ? changed(kind, react) : kind);
    }
    if (react.add() && count(room, react) == 0) {
      now.add(new Kind(react.emoji(), 1, List.of(react.user())));
    }
    now.removeIf(kind -> kind.count == 0);
    journal.put(kinds, place, List.copyOf(now));
    if (react.add()) {
      journal.put(reactors, reactor(room, react), true);
    } else {
      journal.remove(reactors, reactor(room, react));
    }
  }

  private static Kind changed(Kind kind, Change.React react) {
    var users = new ArrayList<>(kind.users);
    if (!react.add()) {
      users.remove(react.user());
    } else if (users.size() < Limits.REACTION_USERS_SHOWN) {
      users.add(react.user());
    }
    return new Kind(kind.emoji, kind.count + (react.add() ? 1 : -1), List.copyOf(users));
  }

  String json(RoomId room, EventId message) {
    return of(new Place(room, message)).stream()
        .map(Kind::json)
        .collect(Collectors.joining(",", "[", "]"));
  }

  void erase(RoomId room, EventId message) {
    var place = new Place(room, message);
    journal.remove(kinds, place);
    for (Reactor reactor : List.copyOf(reactors.keySet())) {
      if (reactor.place.equals(place)) {
        journal.remove(reactors, reactor);
      }
    }
  }

  void clear() {
    kinds.clear();
    reactors.clear();
  }

  private List<Kind> of(Place place) {
    return kinds.getOrDefault(place, List.of());
  }

  private static Reactor reactor(RoomId room, Change.React react) {
    return new Reactor(new Place(room, react.message()), react.emoji(), react.user());
  }
}
