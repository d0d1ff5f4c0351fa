package partyline.deploy.check;

import static partyline.deploy.check.Violation.Kind.ACKED_NOT_KEPT;
import static partyline.deploy.check.Violation.Kind.BROKEN_CHAIN;
import static partyline.deploy.check.Violation.Kind.KEPT_TWICE;
import static partyline.deploy.check.Violation.Kind.REFUSED_BUT_KEPT;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import partyline.deploy.check.Publication.Outcome;
import partyline.deploy.check.Truth.Entry;
import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * Holds a history against the promises.
 *
 * <ul>
 *   <li>What was acknowledged is in the log; what was refused is not; no key is in it twice.
 *   <li>A client's ids rise strictly, and an id names the same event for everybody: so all clients
 *       agree on one order.
 *   <li>A client has exactly the log's events of its rooms between its start and the end, except
 *       those that a {@code reset} covers.
 *   <li>Who stood beyond a fork of the log is told so; who did not is left in peace.
 * </ul>
 *
 * <p>What an epoch cut off may have been acknowledged and told before: that loss is promised to be
 * visible, not to be impossible. It is counted as {@code forgotten}; a test of a fault that must
 * lose nothing asserts that it is 0.
 *
 * @param isStrict whether an event that a client gets again after a reconnect is a violation.
 *     Delivery across reconnects is promised at least once, but a client that resumes with its
 *     cursor has no reason to see anything again
 */
public record Checker(boolean isStrict) {

  public static Checker strict() {
    return new Checker(true);
  }

  public Verdict check(History history) {
    var violations = new ArrayList<Violation>();
    Truth truth = history.truth();
    Map<EventId, Entry> log = truth.byId();
    violations.addAll(chain(truth));
    violations.addAll(keptTwice(truth));
    int forgotten = publications(history, log, violations);
    var listeners = new ListenerCheck(truth, log, isStrict);
    history.listeners().forEach(listeners::check);
    violations.addAll(listeners.violations());
    return new Verdict(violations, tally(history, forgotten, listeners));
  }

  /** How many acknowledged messages an epoch cut off. */
  private static int publications(
      History history, Map<EventId, Entry> log, List<Violation> violations) {
    var byKey = new HashMap<String, Entry>();
    log.values().forEach(entry -> byKey.put(entry.room() + " " + entry.key(), entry));
    var gone = new ArrayList<EventId>();
    var kept = new ArrayList<EventId>();
    int forgotten = 0;
    for (Publication publication : history.publications()) {
      Entry entry = byKey.get(publication.room() + " " + publication.key());
      switch (publication.outcome()) {
        case Outcome.Acked(EventId id) when entry != null && entry.id().equals(id) -> {}
        case Outcome.Acked(EventId id) when history.truth().isCutOff(id) -> forgotten++;
        case Outcome.Acked(EventId id) when id.isAfter(history.truth().after()) -> gone.add(id);
        case Outcome.Refused _ when entry != null -> kept.add(entry.id());
        default -> {}
      }
    }
    add(violations, ACKED_NOT_KEPT, "publishers", gone, "2xx was answered for them");
    add(violations, REFUSED_BUT_KEPT, "publishers", kept, "4xx was answered for them");
    return forgotten;
  }

  private static List<Violation> keptTwice(Truth truth) {
    var first = new HashMap<List<String>, EventId>();
    var violations = new ArrayList<Violation>();
    for (Entry entry : truth.entries()) {
      if (entry.key().isEmpty()) {
        continue;
      }
      var before =
          first.putIfAbsent(List.of(entry.room().value(), entry.sender(), entry.key()), entry.id());
      if (before != null) {
        String detail = "key %s of %s in %s".formatted(entry.key(), entry.sender(), entry.room());
        add(violations, KEPT_TWICE, "log", List.of(before, entry.id()), detail);
      }
    }
    return violations;
  }

  /** Looks at neighbours only: the log may begin in the middle of a room. */
  private static List<Violation> chain(Truth truth) {
    var last = new HashMap<RoomId, Entry>();
    var numbers = new HashMap<RoomId, Long>();
    var violations = new ArrayList<Violation>();
    EventId highest = truth.after();
    for (Entry entry : truth.entries()) {
      Entry before = last.put(entry.room(), entry);
      if (!entry.id().isAfter(highest)) {
        add(violations, BROKEN_CHAIN, "log", List.of(entry.id()), "comes after " + highest);
      }
      highest = entry.id();
      if (before != null && !entry.prev().equals(before.id())) {
        add(
            violations,
            BROKEN_CHAIN,
            "log",
            List.of(before.id(), entry.id()),
            "in %s, the second names %s".formatted(entry.room(), entry.prev()));
      }
      if (entry.number() > 0) {
        Long number = numbers.put(entry.room(), entry.number());
        if (number != null && entry.number() != number + 1) {
          add(
              violations,
              BROKEN_CHAIN,
              "log",
              List.of(entry.id()),
              "number %d in %s after %d".formatted(entry.number(), entry.room(), number));
        }
      }
    }
    return violations;
  }

  private static Verdict.Tally tally(History history, int forgotten, ListenerCheck listeners) {
    var outcomes = new HashMap<Class<?>, Integer>();
    history
        .publications()
        .forEach(publication -> outcomes.merge(publication.outcome().getClass(), 1, Integer::sum));
    return new Verdict.Tally(
        outcomes.getOrDefault(Outcome.Acked.class, 0),
        outcomes.getOrDefault(Outcome.Refused.class, 0),
        outcomes.getOrDefault(Outcome.Unknown.class, 0),
        forgotten,
        history.truth().entries().size(),
        history.truth().epochs().newest().size(),
        listeners.told(),
        listeners.repeats(),
        listeners.reconnects(),
        listeners.resets(),
        listeners.goodbyes());
  }

  private static void add(
      List<Violation> violations,
      Violation.Kind kind,
      String who,
      List<EventId> ids,
      String detail) {
    if (!ids.isEmpty()) {
      violations.add(new Violation(kind, who, ids.stream().sorted().toList(), detail));
    }
  }
}
