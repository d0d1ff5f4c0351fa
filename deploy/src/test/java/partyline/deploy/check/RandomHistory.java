package partyline.deploy.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.deploy.check.Connection.Ending;
import partyline.deploy.check.Connection.Transport;
import partyline.deploy.check.Heard.Mark;
import partyline.deploy.check.Heard.Reset;
import partyline.deploy.check.Heard.Told;
import partyline.deploy.check.Publication.Outcome;
import partyline.deploy.check.Truth.Entry;
import partyline.room.Epoch;
import partyline.room.Epochs;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * A model of a cluster that keeps every promise, run at random: events, forks that lose some of
 * them, clients that come and go over streams and polls, histories trimmed under their feet.
 */
final class RandomHistory {
  private static final int STEPS = 120;
  private static final long JUMP = 30_000;

  private final Random random;
  private final List<RoomId> rooms = new ArrayList<>();
  private final List<Entry> log = new ArrayList<>();
  private final List<Epoch> epochs = new ArrayList<>();
  private final Recorder recorder = new Recorder();
  private final List<Client> clients = new ArrayList<>();
  private EventId last;
  private int keys;

  static History of(long seed) {
    return new RandomHistory(new Random(seed)).run();
  }

  private RandomHistory(Random random) {
    this.random = random;
    for (int i = 0; i <= random.nextInt(4); i++) {
      rooms.add(new RoomId("room" + i));
    }
    last = new EventId(1_000, 0);
    epochs.add(new Epoch(EventId.ZERO, last));
    for (int i = 0; i <= random.nextInt(4); i++) {
      clients.add(new Client("client-" + i));
    }
  }

  private History run() {
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(20)) {
        case 0 -> fork();
        case 1, 2, 3, 4, 5, 6 -> publish();
        case 7 ->
            recorder.published(
                new Publication(anyRoom(), "refused" + keys++, new Outcome.Refused(422)));
        default -> clients.get(random.nextInt(clients.size())).step();
      }
    }
    clients.forEach(Client::catchUp);
    return recorder.history(new Truth(EventId.ZERO, List.copyOf(log), new Epochs(epochs)));
  }

  private RoomId anyRoom() {
    return rooms.get(random.nextInt(rooms.size()));
  }

  private void publish() {
    RoomId room = anyRoom();
    last =
        random.nextBoolean()
            ? new EventId(last.ms(), last.seq() + 1)
            : new EventId(last.ms() + 1 + random.nextInt(50), 0);
    Entry before =
        log.reversed().stream().filter(e -> e.room().equals(room)).findFirst().orElse(null);
    String key = "key" + keys++;
    log.add(
        new Entry(
            last,
            room,
            "ada",
            key,
            before == null ? EventId.ZERO : before.id(),
            before == null ? 1 : before.number() + 1));
    recorder.published(
        new Publication(
            room, key, random.nextInt(10) == 0 ? new Outcome.Unknown() : new Outcome.Acked(last)));
    clients.stream().filter(client -> client.live).forEach(Client::deliverOne);
  }

  /** Loses the newest few events, or none, or all. */
  private void fork() {
    EventId forked = epochs.getLast().start();
    int safe = (int) log.stream().filter(event -> !event.id().isAfter(forked)).count();
    int kept = random.nextInt(8) == 0 ? 0 : Math.max(safe, log.size() - random.nextInt(4));
    EventId branch = kept == 0 ? EventId.ZERO : EventId.max(forked, log.get(kept - 1).id());
    log.subList(kept, log.size()).clear();
    if (kept == 0) {
      epochs.clear();
    }
    var epoch = new Epoch(branch, new EventId(last.ms() + JUMP, 0));
    epochs.add(epoch);
    last = epoch.start();
    clients.forEach(client -> client.forked(epoch));
  }

  private final class Client {
    private final Diary diary;
    private final Set<RoomId> mine = new HashSet<>();
    private @Nullable EventId cursor;
    private boolean live;
    private boolean open;

    Client(String name) {
      mine.add(anyRoom());
      mine.add(anyRoom());
      diary = recorder.listener(name, mine);
      if (random.nextBoolean()) {
        cursor = last;
      }
    }

    void step() {
      if (open && random.nextInt(3) > 0) {
        deliverOne();
      } else if (open) {
        close();
      } else if (random.nextBoolean()) {
        poll();
      } else {
        stream();
      }
    }

    void catchUp() {
      if (!open) {
        stream();
      }
      int before;
      do {
        before = diary.told();
        deliverOne();
      } while (diary.told() > before);
    }

    void stream() {
      diary.opened("node", Transport.STREAM, Optional.ofNullable(cursor));
      open = true;
      live = cursor == null;
      if (cursor == null) {
        mark(last);
      } else if (lost(cursor)) {
        reset(mine, Reset.EPOCH, last);
      } else if (random.nextInt(6) == 0) {
        trimmed();
      }
    }

    /** One room is gone; the others are told first, up to where the room goes on. */
    private void trimmed() {
      RoomId gone = mine.iterator().next();
      pending().stream().filter(event -> !event.room().equals(gone)).forEach(this::tell);
      reset(Set.of(gone), "trimmed", last);
      mark(last);
      live = true;
    }

    void deliverOne() {
      if (!open) {
        return;
      }
      List<Entry> pending = pending();
      if (!pending.isEmpty()) {
        tell(pending.getFirst());
      } else if (!live) {
        mark(last);
        live = true;
      }
    }

    void poll() {
      diary.opened("node", Transport.POLL, Optional.ofNullable(cursor));
      if (random.nextInt(8) == 0) {
        diary.closed(Ending.CUT);
        return;
      }
      if (cursor != null && lost(cursor)) {
        diary.heard(new Reset(mine, Reset.EPOCH, Optional.empty()));
        cursor = last;
      } else if (cursor != null) {
        pending().forEach(this::tell);
      }
      mark(last);
      diary.closed(Ending.FINISHED);
    }

    void forked(Epoch epoch) {
      if (open && cursor != null && epoch.cutOff(cursor)) {
        reset(mine, Reset.EPOCH, epoch.start());
      }
    }

    private void close() {
      diary.closed(random.nextBoolean() ? Ending.CUT : Ending.LEFT);
      open = false;
      live = false;
    }

    private boolean lost(EventId id) {
      return new Epochs(epochs).lost(id);
    }

    private List<Entry> pending() {
      EventId after = cursor;
      return log.stream()
          .filter(event -> mine.contains(event.room()))
          .filter(event -> after == null || event.id().isAfter(after))
          .toList();
    }

    private void tell(Entry event) {
      diary.heard(new Told(event.id(), event.room(), event.key()));
      cursor = event.id();
    }

    private void mark(EventId id) {
      diary.heard(new Mark(id));
      cursor = id;
    }

    private void reset(Set<RoomId> gone, String reason, EventId id) {
      diary.heard(new Reset(gone, reason, Optional.of(id)));
      cursor = id;
    }
  }
}
