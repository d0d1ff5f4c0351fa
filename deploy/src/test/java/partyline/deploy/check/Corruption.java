package partyline.deploy.check;

import static partyline.deploy.check.Violation.Kind.ACKED_NOT_KEPT;
import static partyline.deploy.check.Violation.Kind.BROKEN_CHAIN;
import static partyline.deploy.check.Violation.Kind.DIFFERENT;
import static partyline.deploy.check.Violation.Kind.KEPT_TWICE;
import static partyline.deploy.check.Violation.Kind.LOST;
import static partyline.deploy.check.Violation.Kind.NOT_TOLD_OF_FORK;
import static partyline.deploy.check.Violation.Kind.OUT_OF_ORDER;
import static partyline.deploy.check.Violation.Kind.PHANTOM;
import static partyline.deploy.check.Violation.Kind.REFUSED_BUT_KEPT;
import static partyline.deploy.check.Violation.Kind.STRAY;
import static partyline.deploy.check.Violation.Kind.TWICE;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import partyline.deploy.check.Heard.Reset;
import partyline.deploy.check.Heard.Told;
import partyline.deploy.check.Publication.Outcome;
import partyline.deploy.check.Truth.Entry;
import partyline.room.EventId;
import partyline.room.RoomId;

/** One thing that went wrong in a history that was right, and how the checker should call it. */
enum Corruption {
  THE_LOG_LOSES_WHAT_WAS_ACKED(ACKED_NOT_KEPT) {
    @Override
    @Nullable History of(History right, Random random) {
      Publication acked = any(right.publications(), random, p -> isKept(right, p));
      return acked == null
          ? null
          : inLog(right, entry -> entry.key().equals(acked.key()) ? null : entry);
    }
  },
  THE_LOG_KEEPS_WHAT_WAS_REFUSED(REFUSED_BUT_KEPT) {
    @Override
    @Nullable History of(History right, Random random) {
      Publication kept = any(right.publications(), random, p -> isKept(right, p));
      return kept == null
          ? null
          : published(
              right, kept, new Publication(kept.room(), kept.key(), new Outcome.Refused(422)));
    }
  },
  THE_LOG_KEEPS_A_RETRY(KEPT_TWICE) {
    @Override
    @Nullable History of(History right, Random random) {
      Entry kept = any(right.truth().entries(), random, _ -> true);
      if (kept == null) {
        return null;
      }
      EventId id = right.truth().entries().getLast().id();
      var entries = new ArrayList<>(right.truth().entries());
      entries.add(
          new Entry(
              new EventId(id.ms() + 1, 0), kept.room(), kept.sender(), kept.key(), kept.id(), 0));
      return with(right, entries);
    }
  },
  THE_LOG_USES_A_NUMBER_AGAIN(BROKEN_CHAIN) {
    @Override
    @Nullable History of(History right, Random random) {
      Entry again = any(right.truth().entries(), random, entry -> entry.number() > 1);
      return again == null
          ? null
          : inLog(
              right,
              entry ->
                  !entry.equals(again)
                      ? entry
                      : new Entry(
                          entry.id(),
                          entry.room(),
                          entry.sender(),
                          entry.key(),
                          entry.prev(),
                          entry.number() - 1));
    }
  },
  A_CLIENT_LOSES_AN_EVENT(LOST) {
    @Override
    @Nullable History of(History right, Random random) {
      return atEvent(right, random, _ -> true, _ -> List.of());
    }
  },
  A_CLIENT_GETS_AN_EVENT_TWICE(TWICE) {
    @Override
    @Nullable History of(History right, Random random) {
      return atEvent(right, random, _ -> true, told -> List.of(told, told));
    }
  },
  A_CLIENT_GETS_ANOTHER_ROOMS_EVENT(STRAY) {
    @Override
    @Nullable History of(History right, Random random) {
      return atEvent(
          right,
          random,
          _ -> true,
          told ->
              List.of(
                  told,
                  new Told(
                      new EventId(told.id().ms(), told.id().seq() + 1),
                      new RoomId("elsewhere"),
                      "stray")));
    }
  },
  A_CLIENT_GETS_AN_EVENT_THAT_NEVER_WAS(PHANTOM) {
    @Override
    @Nullable History of(History right, Random random) {
      return atEvent(
          right,
          random,
          told -> !right.truth().isCutOff(behind(told)),
          told -> List.of(told, new Told(behind(told), told.room(), "phantom")));
    }

    // Between this event and whatever comes next; the model leaves that much room.
    private EventId behind(Told told) {
      return new EventId(told.id().ms(), told.id().seq() + 500);
    }
  },
  A_CLIENT_GETS_ANOTHER_CONTENT(DIFFERENT) {
    @Override
    @Nullable History of(History right, Random random) {
      return atEvent(
          right, random, _ -> true, told -> List.of(new Told(told.id(), told.room(), "other")));
    }
  },
  TWO_EVENTS_CHANGE_PLACES(OUT_OF_ORDER) {
    @Override
    @Nullable History of(History right, Random random) {
      return atConnection(
          right,
          random,
          heard ->
              IntStream.range(1, heard.size())
                  .filter(i -> heard.get(i) instanceof Told && heard.get(i - 1) instanceof Told)
                  .boxed()
                  .toList(),
          (heard, i) -> {
            Heard later = heard.remove((int) i);
            heard.add(i - 1, later);
          });
    }
  },
  A_CLIENT_IS_NOT_TOLD_OF_A_FORK(NOT_TOLD_OF_FORK) {
    @Override
    @Nullable History of(History right, Random random) {
      return atConnection(
          right,
          random,
          heard ->
              places(
                      heard,
                      what -> what instanceof Reset reset && isOfKnownEpoch(reset, right.truth()))
                  .stream()
                  // The next one would tell the client just as well.
                  .filter(i -> i + 1 == heard.size() || !(heard.get(i + 1) instanceof Reset))
                  .toList(),
          (heard, i) -> heard.remove((int) i));
    }

    // A wiped log remembers none of the epochs before, so nobody can be held to them.
    private boolean isOfKnownEpoch(Reset reset, Truth truth) {
      EventId oldest = truth.epochs().newest().getFirst().start();
      return reset.reason().equals(Reset.EPOCH)
          && reset.id().filter(id -> !oldest.isAfter(id)).isPresent();
    }
  };

  final Violation.Kind kind;

  Corruption(Violation.Kind kind) {
    this.kind = kind;
  }

  /** The history with one thing wrong; null if it has no place for it. */
  abstract @Nullable History of(History right, Random random);

  private static boolean isKept(History right, Publication publication) {
    return publication.outcome() instanceof Outcome.Acked(EventId id)
        && right.truth().byId().containsKey(id);
  }

  private static <T> @Nullable T any(List<T> all, Random random, Predicate<T> fits) {
    List<T> fitting = all.stream().filter(fits).toList();
    return fitting.isEmpty() ? null : fitting.get(random.nextInt(fitting.size()));
  }

  private static History inLog(History right, Function<Entry, @Nullable Entry> change) {
    var entries = new ArrayList<Entry>();
    for (Entry entry : right.truth().entries()) {
      Entry changed = change.apply(entry);
      if (changed != null) {
        entries.add(changed);
      }
    }
    return with(right, entries);
  }

  private static History with(History right, List<Entry> entries) {
    return new History(
        right.publications(),
        right.listeners(),
        new Truth(right.truth().after(), entries, right.truth().epochs()));
  }

  private static History published(History right, Publication before, Publication now) {
    var publications = new ArrayList<>(right.publications());
    publications.set(publications.indexOf(before), now);
    return new History(publications, right.listeners(), right.truth());
  }

  /** Changes one event that the log holds, as some client was told of it. */
  private static @Nullable History atEvent(
      History right, Random random, Predicate<Told> fits, Function<Told, List<Told>> change) {
    Set<EventId> log = right.truth().byId().keySet();
    return atConnection(
        right,
        random,
        heard ->
            places(heard, what -> what instanceof Told t && log.contains(t.id()) && fits.test(t)),
        (heard, i) -> {
          if (heard.remove((int) i) instanceof Told told) {
            heard.addAll(i, change.apply(told));
          }
        });
  }

  private static List<Integer> places(List<Heard> heard, Predicate<Heard> fits) {
    return IntStream.range(0, heard.size()).filter(i -> fits.test(heard.get(i))).boxed().toList();
  }

  private interface Change {
    void at(List<Heard> heard, Integer place);
  }

  private static @Nullable History atConnection(
      History right, Random random, Function<List<Heard>, List<Integer>> places, Change change) {
    record Place(int listener, int connection, int heard) {}
    var all = new ArrayList<Place>();
    for (int l = 0; l < right.listeners().size(); l++) {
      List<Connection> connections = right.listeners().get(l).connections();
      for (int c = 0; c < connections.size(); c++) {
        for (int place : places.apply(connections.get(c).heard())) {
          all.add(new Place(l, c, place));
        }
      }
    }
    if (all.isEmpty()) {
      return null;
    }
    Place place = all.get(random.nextInt(all.size()));
    Listener listener = right.listeners().get(place.listener);
    var connections = new ArrayList<>(listener.connections());
    Connection before = connections.get(place.connection);
    var heard = new ArrayList<>(before.heard());
    change.at(heard, place.heard);
    connections.set(
        place.connection,
        new Connection(
            before.node(),
            before.transport(),
            before.from(),
            heard,
            before.ending(),
            Optional.empty()));
    var listeners = new ArrayList<>(right.listeners());
    listeners.set(
        place.listener,
        new Listener(listener.name(), listener.rooms(), connections, listener.toTheEnd()));
    return new History(right.publications(), listeners, right.truth());
  }
}
