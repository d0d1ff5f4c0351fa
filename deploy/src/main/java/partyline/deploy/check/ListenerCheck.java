package partyline.deploy.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import partyline.deploy.check.Connection.Ending;
import partyline.deploy.check.Connection.Transport;
import partyline.deploy.check.Heard.Bye;
import partyline.deploy.check.Heard.Reset;
import partyline.deploy.check.Heard.Told;
import partyline.deploy.check.Truth.Entry;
import partyline.deploy.check.Violation.Kind;
import partyline.room.EventId;
import partyline.room.RoomId;

/** Holds what each client was told against the log, and all clients against each other. */
final class ListenerCheck {
  private final Truth truth;
  private final Map<EventId, Entry> log;
  private final Map<RoomId, List<Entry>> byRoom = new HashMap<>();
  private final boolean strict;

  /** Events that no longer exist, as the first client who got them was told. */
  private final Map<EventId, Told> vanished = new HashMap<>();

  private final List<Violation> violations = new ArrayList<>();
  private final SortedMap<String, Integer> resets = new TreeMap<>();
  private final SortedMap<String, Integer> goodbyes = new TreeMap<>();
  private long told;
  private long repeats;
  private int reconnects;

  ListenerCheck(Truth truth, Map<EventId, Entry> log, boolean strict) {
    this.truth = truth;
    this.log = log;
    this.strict = strict;
    for (Entry entry : truth.entries()) {
      byRoom.computeIfAbsent(entry.room(), _ -> new ArrayList<>()).add(entry);
    }
  }

  void check(Listener listener) {
    var walk = new Walk(listener, truth);
    walk.run();
    var found = new Findings(listener.name());
    content(listener, walk, found);
    found.add(Kind.OUT_OF_ORDER, walk.outOfOrder());
    found.add(Kind.NOT_TOLD_OF_FORK, walk.notToldOfFork());
    found.add(Kind.NEEDLESS_RESET, walk.needlesslyReset());
    if (strict) {
      found.add(Kind.TWICE, walk.repeats());
    }
    lost(listener, walk, found);
    violations.addAll(found.all());
    protocol(listener);
    count(listener, walk);
  }

  List<Violation> violations() {
    return violations;
  }

  long told() {
    return told;
  }

  long repeats() {
    return repeats;
  }

  int reconnects() {
    return reconnects;
  }

  SortedMap<String, Integer> resets() {
    return resets;
  }

  SortedMap<String, Integer> goodbyes() {
    return goodbyes;
  }

  /** What the client was told, event by event, whatever the order. */
  private void content(Listener listener, Walk walk, Findings found) {
    for (Told event : walk.told()) {
      EventId id = event.id();
      if (!listener.rooms().contains(event.room())) {
        found.add(Kind.STRAY, id, event.room().value());
      }
      if (!id.isAfter(truth.after())) {
        continue;
      }
      Entry entry = log.get(id);
      if (entry != null) {
        if (!entry.room().equals(event.room()) || !entry.key().equals(event.key())) {
          found.add(
              Kind.DIFFERENT,
              id,
              "%s %s, in the log %s %s"
                  .formatted(event.room(), event.key(), entry.room(), entry.key()));
        }
      } else if (!truth.isCutOff(id)) {
        found.add(Kind.PHANTOM, id, event.room() + " " + event.key());
      } else {
        Told first = vanished.putIfAbsent(id, event);
        if (first != null && !first.equals(event)) {
          found.add(
              Kind.DIFFERENT,
              id,
              "%s %s, for another client %s %s"
                  .formatted(event.room(), event.key(), first.room(), first.key()));
        }
      }
    }
  }

  private void lost(Listener listener, Walk walk, Findings found) {
    EventId start = walk.start();
    if (start == null) {
      if (listener.toTheEnd()) {
        violations.add(
            new Violation(
                Kind.NEVER_READY,
                listener.name(),
                List.of(),
                listener.connections().size() + " connections"));
      }
      return;
    }
    EventId from = EventId.max(start, truth.after());
    for (RoomId room : listener.rooms()) {
      for (Entry entry : after(from, byRoom.getOrDefault(room, List.of()))) {
        EventId id = entry.id();
        boolean owed = listener.toTheEnd() || !id.isAfter(walk.end());
        if (owed && !walk.had(id) && !walk.isCovered(room, id)) {
          found.add(Kind.LOST, id, room + ", " + walk.around(id));
        }
      }
    }
  }

  private static List<Entry> after(EventId from, List<Entry> ascending) {
    int low = 0;
    int high = ascending.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending.get(middle).id().isAfter(from)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return ascending.subList(low, ascending.size());
  }

  private void protocol(Listener listener) {
    for (Connection connection : listener.connections()) {
      connection
          .fault()
          .ifPresent(fault ->
              violations.add(
                  new Violation(
                      Kind.PROTOCOL, listener.name(), List.of(), fault + "; " + connection)));
    }
  }

  private void count(Listener listener, Walk walk) {
    told += walk.told().size();
    repeats += walk.repeats().size();
    boolean first = true;
    for (Connection connection : listener.connections()) {
      boolean counts =
          connection.transport() == Transport.STREAM && connection.ending() != Ending.NOT_CONNECTED;
      if (counts && !first) {
        reconnects++;
      }
      // One that was told to come again before it stood anywhere has lost nothing that was open.
      first &= !(counts && connection.heard().stream().anyMatch(heard -> !(heard instanceof Bye)));
      for (Heard heard : connection.heard()) {
        switch (heard) {
          case Reset reset -> resets.merge(reset.reason(), 1, Integer::sum);
          case Bye(String reason) -> goodbyes.merge(reason, 1, Integer::sum);
          default -> {}
        }
      }
    }
  }

  /** One violation of a kind for each client, with all its ids; the detail is of the first. */
  private static final class Findings {
    private final String who;
    private final Map<Kind, List<Walk.Finding>> byKind = new EnumMap<>(Kind.class);

    Findings(String who) {
      this.who = who;
    }

    void add(Kind kind, Collection<Walk.Finding> findings) {
      if (!findings.isEmpty()) {
        byKind.computeIfAbsent(kind, _ -> new ArrayList<>()).addAll(findings);
      }
    }

    void add(Kind kind, EventId id, String detail) {
      add(kind, List.of(new Walk.Finding(id, detail)));
    }

    List<Violation> all() {
      var all = new ArrayList<Violation>();
      byKind.forEach((kind, findings) -> {
        findings.sort(Comparator.comparing(Walk.Finding::id));
        List<EventId> ids = findings.stream().map(Walk.Finding::id).toList();
        all.add(new Violation(kind, who, ids, findings.getFirst().detail()));
      });
      return all;
    }
  }
}
