package partyline.room;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is kept beside the log, one map a place. Confined to its owner's lock. */
final class MemoryFields {

  /** Of no room, if the place is a person or the log. */
  private record Owner(@Nullable RoomId room, Place place) {
    static Owner of(RoomId room, Place place) {
      boolean ofRoom =
          switch (place) {
            case Place.Person _, Place.Tally _, Place.Log _ -> false;
            case Place.State _, Place.Amended _, Place.Read _ -> true;
          };
      return new Owner(ofRoom ? room : null, place);
    }
  }

  private final MemoryJournal journal;
  private final Map<Owner, Map<String, String>> places = new HashMap<>();

  MemoryFields(MemoryJournal journal) {
    this.journal = journal;
  }

  Map<String, String> of(RoomId room, Place place) {
    return places.getOrDefault(Owner.of(room, place), new HashMap<>());
  }

  Optional<String> get(RoomId room, Field field) {
    return Optional.ofNullable(of(room, field.place()).get(field.name()));
  }

  /** Those that are there. */
  Map<Field, String> of(RoomId room, Collection<Field> fields) {
    var found = new HashMap<Field, String>();
    fields.forEach(field -> get(room, field).ifPresent(value -> found.put(field, value)));
    return found;
  }

  boolean holds(RoomId room, Expectation expected) {
    return expected.value().equals(get(room, expected.field()));
  }

  /** Makes a change that goes with an event. */
  void change(Event event, Change change) {
    RoomId room = event.room();
    switch (change) {
      case Change.Set(Field field, String value) -> put(room, field, value);
      case Change.Remove(Field field) -> remove(room, field);
      case Change.StampTime(Field field) -> put(room, field, millis(event.at()));
      case Change.StampId(Field field) -> put(room, field, event.id().toString());
      case Change.Count(Field field, long by) ->
          put(room, field, Long.toString(Long.parseLong(get(room, field).orElse("0")) + by));
      case Change.Amend(EventId message, String fields) ->
          put(room, Field.amended(message), fields);
      case Change.Erase _, Change.React _, Change.ListRoom _ ->
          throw new IllegalArgumentException("not of a field: " + change);
    }
  }

  void put(RoomId room, Field field, String value) {
    journal.put(
        places.computeIfAbsent(Owner.of(room, field.place()), owner -> new HashMap<>()),
        field.name(),
        value);
  }

  void remove(RoomId room, Field field) {
    journal.remove(of(room, field.place()), field.name());
  }

  void clear() {
    places.clear();
  }

  private static String millis(Instant at) {
    return Long.toString(at.toEpochMilli());
  }
}
