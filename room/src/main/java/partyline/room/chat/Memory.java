package partyline.room.chat;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import partyline.room.Append;
import partyline.room.Change;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.Place;
import partyline.room.RoomId;
import partyline.room.View;

/**
 * What a node remembers of rooms and people, to decide without asking first. It may be wrong: a
 * decision on it is written only if it still holds, and a refusal is told only after a fresh look.
 *
 * <p>So nothing has to tell it what changed elsewhere. It is bounded by the bytes it holds, what
 * was used least goes first. Thread-safe: any thread may decide.
 */
final class Memory {

  /** About what an entry weighs beside its text. */
  private static final int ENTRY_BYTES = 160;

  private final int maxBytes;
  private final LongSupplier nanoTime;
  private final LinkedHashMap<Key, Optional<String>> values = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  /** Redis' clock less ours when we last heard it: a reply takes time, so never ahead of Redis. */
  private Optional<Duration> offset = Optional.empty();

  /**
   * @param nanoTime a clock that never steps
   */
  Memory(int maxBytes, LongSupplier nanoTime) {
    this.maxBytes = maxBytes;
    this.nanoTime = nanoTime;
  }

  /** Of the room, or of a person whatever the room. */
  private record Key(Optional<RoomId> room, Field field) {

    static Key of(RoomId room, Field field) {
      boolean ofPerson =
          field.place() instanceof Place.Person || field.place() instanceof Place.Tally;
      return new Key(ofPerson ? Optional.empty() : Optional.of(room), field);
    }

    static Key head(RoomId room) {
      return new Key(Optional.of(room), Field.state(""));
    }
  }

  /** All that these fields were when last heard of; empty if one of them is not known. */
  synchronized Optional<View> view(RoomId room, Set<Field> fields) {
    Optional<String> head = values.get(Key.head(room));
    if (offset.isEmpty() || head == null) {
      return Optional.empty();
    }
    var known = new HashMap<Field, String>();
    for (Field field : fields) {
      Optional<String> value = values.get(Key.of(room, field));
      if (value == null) {
        return Optional.empty();
      }
      value.ifPresent(text -> known.put(field, text));
    }
    return Optional.of(new View(known, Map.of(), EventId.of(head.orElse("0-0")), now()));
  }

  private Instant now() {
    return Instant.EPOCH.plusNanos(nanoTime.getAsLong()).plus(offset.orElseThrow());
  }

  synchronized void heard(Instant redisNow) {
    offset = Optional.of(Duration.between(Instant.EPOCH.plusNanos(nanoTime.getAsLong()), redisNow));
  }

  synchronized void remember(RoomId room, Collection<Field> asked, View view) {
    heard(view.now());
    if (!view.head().equals(EventId.ZERO)) {
      put(Key.head(room), Optional.of(view.head().toString()));
    }
    asked.forEach(field -> put(Key.of(room, field), view.field(field)));
  }

  /** What an append that came through has made of its fields. */
  synchronized void wrote(Append append, Event event) {
    RoomId room = append.room();
    heard(event.at());
    put(Key.head(room), Optional.of(event.id().toString()));
    for (Change change : append.changes()) {
      switch (change) {
        case Change.Set(Field field, String value) -> put(Key.of(room, field), Optional.of(value));
        case Change.Remove(Field field) -> put(Key.of(room, field), Optional.empty());
        case Change.StampTime(Field field) ->
            put(Key.of(room, field), Optional.of(Long.toString(event.at().toEpochMilli())));
        case Change.StampId(Field field) ->
            put(Key.of(room, field), Optional.of(event.id().toString()));
        case Change.Count(Field field, _) -> drop(Key.of(room, field));
        case Change.Amend _, Change.Erase _, Change.React _, Change.ListRoom _ -> {}
      }
    }
  }

  private void put(Key key, Optional<String> value) {
    drop(key);
    values.put(key, value);
    bytes += weight(key, value);
    while (bytes > maxBytes) {
      drop(values.firstEntry().getKey());
    }
  }

  private void drop(Key key) {
    Optional<String> old = values.remove(key);
    if (old != null) {
      bytes -= weight(key, old);
    }
  }

  private static long weight(Key key, Optional<String> value) {
    return ENTRY_BYTES
        + 2L * key.field().name().length()
        + 2L * value.map(String::length).orElse(0);
  }

  synchronized List<Long> size() {
    return List.of((long) values.size(), bytes);
  }
}
