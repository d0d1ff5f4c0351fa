package partyline.deploy.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import partyline.deploy.check.Connection.Ending;
import partyline.deploy.check.Connection.Transport;
import partyline.deploy.check.Publication.Outcome;
import partyline.deploy.check.Truth.Entry;
import partyline.room.Epoch;
import partyline.room.Epochs;
import partyline.room.EventId;
import partyline.room.RoomId;

/** A history made by hand. Ids are small numbers; event 7 has the key k7. */
final class Scene {
  private final Recorder recorder = new Recorder();
  private final List<Entry> entries = new ArrayList<>();
  private final List<Epoch> epochs = new ArrayList<>(List.of(new Epoch(EventId.ZERO, id(1))));
  private final Map<RoomId, Entry> last = new HashMap<>();
  private EventId after = EventId.ZERO;

  static EventId id(long number) {
    return new EventId(number, 0);
  }

  static RoomId room(String name) {
    return new RoomId(name);
  }

  static Set<RoomId> rooms(String names) {
    return Arrays.stream(names.split(",")).map(RoomId::new).collect(Collectors.toSet());
  }

  /** An event that is in the log, published and acknowledged. */
  Scene logged(String room, long id) {
    return kept(room, id, "k" + id).acked(room, id);
  }

  /** An event that is in the log. */
  Scene kept(String room, long id, String key) {
    Entry before = last.get(room(room));
    return kept(
        new Entry(
            id(id),
            room(room),
            "ada",
            key,
            before == null ? EventId.ZERO : before.id(),
            before == null ? 1 : before.number() + 1));
  }

  Scene kept(Entry entry) {
    entries.add(entry);
    last.put(entry.room(), entry);
    return this;
  }

  Scene acked(String room, long id) {
    return published(room, "k" + id, new Outcome.Acked(id(id)));
  }

  Scene published(String room, String key, Outcome outcome) {
    recorder.published(new Publication(room(room), key, outcome));
    return this;
  }

  Scene epoch(long branch, long start) {
    epochs.add(new Epoch(id(branch), id(start)));
    return this;
  }

  /** The log is known only above this id. */
  Scene knownAfter(long id) {
    after = id(id);
    return this;
  }

  Client client(String name, String rooms) {
    return new Client(recorder.listener(name, rooms(rooms)));
  }

  Verdict verdict() {
    return verdict(Checker.strict());
  }

  Verdict verdict(Checker checker) {
    return checker.check(recorder.history(new Truth(after, entries, new Epochs(epochs))));
  }

  /** What one client was told; opening a connection cuts the one before. */
  static final class Client {
    private final Diary diary;

    Client(Diary diary) {
      this.diary = diary;
    }

    Client stream() {
      return open(Transport.STREAM, Optional.empty());
    }

    Client stream(long from) {
      return open(Transport.STREAM, Optional.of(id(from)));
    }

    Client poll() {
      return open(Transport.POLL, Optional.empty());
    }

    Client poll(long from) {
      return open(Transport.POLL, Optional.of(id(from)));
    }

    private Client open(Transport transport, Optional<EventId> from) {
      diary.closed(Ending.CUT);
      diary.opened("gateway-1", transport, from);
      return this;
    }

    Client told(String room, long... ids) {
      for (long id : ids) {
        diary.heard(new Heard.Told(id(id), room(room), "k" + id));
      }
      return this;
    }

    Client mark(long id) {
      diary.heard(new Heard.Mark(id(id)));
      return this;
    }

    Client reset(String rooms, String reason, long id) {
      diary.heard(new Heard.Reset(rooms(rooms), reason, Optional.of(id(id))));
      return this;
    }

    Client reset(String rooms, String reason) {
      diary.heard(new Heard.Reset(rooms(rooms), reason, Optional.empty()));
      return this;
    }

    Client bye(String reason) {
      diary.heard(new Heard.Bye(reason));
      return this;
    }

    Client broke(String fault) {
      diary.closed(Ending.CUT, Optional.of(fault));
      return this;
    }

    Client gaveUp() {
      diary.gaveUp();
      return this;
    }
  }
}
