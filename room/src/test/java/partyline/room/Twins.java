package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import partyline.room.Append.Idempotency;
import partyline.room.HistoryQuery.From;
import partyline.room.RecordingFeedListener.Heard;

/**
 * Walks two logs through the same random writes, faults and reads and compares every answer: what
 * tests build on the memory log must be true of the other.
 *
 * <p>Their ids are made of two clocks, so an id is compared by the order in which it was first
 * seen.
 */
public final class Twins {

  private static final List<RoomId> ROOMS =
      List.of(new RoomId("a"), new RoomId("b"), RoomId.inboxOf(new UserId("c d")));

  private static final UserId PERSON = new UserId("p");

  private static final List<Field> FIELDS =
      List.of(Field.state("f"), Field.state("g1"), Field.state("count"), Field.person(PERSON, "f"));

  private static final List<From> FROM = List.of(From.values());

  private final Random random;
  private final Side one;
  private final Side two;

  public Twins(ContractedLog one, ContractedLog two, long seed) {
    this.random = new Random(seed);
    this.one = new Side(one);
    this.two = new Side(two);
  }

  /** Takes so many steps; what a step does depends on the seed alone. */
  public void walk(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    // The replies come behind all pushes.
    both((side, at) -> await(side.feed.heads(ROOMS)).size());
    both((side, at) ->
        side.listener.heard().stream().map(side::heard).filter(heard -> !heard.isEmpty()).toList());
    one.feed.close();
    two.feed.close();
  }

  private void step() {
    RoomId room = ROOMS.get(random.nextInt(ROOMS.size()));
    int n = random.nextInt(6);
    int place = random.nextInt(one.ids.size());
    boolean knows = random.nextBoolean();
    switch (random.nextInt(24)) {
      case 0, 1, 2, 3 -> append(Append.of(room, EventType.MESSAGE_CREATED, "{}", "{}"), knows);
      case 4, 5 -> append(Append.of(room, "app.x", "{}", "{\"n\":" + n + "}"), knows);
      case 6, 7 -> append(repeatable(room, n), knows);
      case 8, 9 -> append(deciding(room, n), knows);
      case 10 -> both((side, at) -> side.log(at, knows, 1 + n), place);
      case 11 -> both((side, at) -> side.rooms(at, 1 + n), place);
      case 12 -> both((side, at) -> side.names(await(side.log.heads(ROOMS))));
      case 13 -> {
        var from = FROM.get(random.nextInt(FROM.size()));
        both((side, at) -> side.history(room, new HistoryQuery(from, at, 1 + n)), place);
      }
      case 14 -> both((side, at) -> side.snapshot(await(side.log.snapshot(room, n, FIELDS))));
      case 15 -> both((side, at) -> side.name(await(side.log.back(ROOMS, 1 + n))));
      case 16 -> both((side, at) -> side.beat(await(side.log.beat(side.seen(knows)))));
      case 17 -> trim(room, n);
      case 18 -> both((side, at) -> side.erase(room, at), place);
      case 19, 20 -> change((side, at) -> side.react(room, at, n), place);
      case 21 -> change((side, at) -> side.amend(room, at, n), place);
      case 22 -> change((side, at) -> side.forget(room, at), place);
      default -> fault(n);
    }
  }

  private void append(Append append, boolean knows) {
    both((side, at) -> side.result(await(side.log.append(append, side.seen(knows)))));
  }

  /** Of a message that stands; there is nothing to change of others. */
  private void change(BiFunction<Side, EventId, Append> make, int place) {
    both(
        (side, at) -> {
          Append append = make.apply(side, at);
          var view = await(side.log.view(append.room(), FIELDS, List.of(at)));
          return view.message(at).isEmpty()
              ? "none"
              : List.of(
                  side.message(view.message(at).get()),
                  side.result(await(side.log.append(append, side.highest))));
        },
        place);
  }

  /** One of few keys, now and then with another body. */
  private static Append repeatable(RoomId room, int n) {
    return Append.of(room, EventType.MESSAGE_CREATED, "{}", "{}")
        .under(new Idempotency(new UserId("u"), "k" + n / 2, "hash" + n / 5));
  }

  /** Expects one of few values and sets another. */
  private static Append deciding(RoomId room, int n) {
    Field field = n == 5 ? Field.person(PERSON, "f") : Field.state("f");
    Optional<String> expected = n % 3 == 0 ? Optional.empty() : Optional.of("v" + n % 3);
    Change next = n % 2 == 0 ? new Change.Remove(field) : new Change.Set(field, "v" + (n + 1) % 3);
    return Append.of(room, "app.decided", "{}", "{}")
        .expecting(List.of(new Expectation(field, expected)))
        .changing(
            List.of(
                next,
                new Change.Set(Field.state("g" + n), "x"),
                new Change.Count(Field.state("count"), n - 2)));
  }

  private void trim(RoomId room, int keep) {
    int which = random.nextInt(3);
    both((side, at) -> {
      switch (which) {
        case 0 -> side.hooks.trimLog(keep);
        case 1 -> side.hooks.trimResume(room, keep);
        default -> side.hooks.trimHistory(room, keep);
      }
      return "trimmed";
    });
  }

  private void fault(int n) {
    both((side, at) -> {
      switch (n) {
        case 0 -> side.hooks.wipe();
        case 1, 2 -> side.hooks.promote();
        case 3 -> {
          // What is written until the failover is lost.
          Runnable failover = side.hooks.laggingReplica();
          for (int i = 0; i < 3; i++) {
            Append lost = Append.of(ROOMS.get(i), EventType.MESSAGE_CREATED, "{}", "{}");
            side.result(await(side.log.append(lost, side.highest)));
          }
          failover.run();
        }
        default -> {
          return "nothing";
        }
      }
      // Somebody who has seen it all notices at once; otherwise ids could come again.
      return side.beat(await(side.log.beat(side.highest)));
    });
  }

  private void both(BiFunction<Side, EventId, Object> act) {
    both(act, 0);
  }

  private void both(BiFunction<Side, EventId, Object> act, int place) {
    Object first = act.apply(one, one.ids.get(place));
    Object second = act.apply(two, two.ids.get(place));
    assertThat(second).isEqualTo(first);
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }

  /** One log, and its answers with names in place of ids and times. */
  private static final class Side {

    private final ContractedLog hooks;
    private final RoomLog log;
    private final RecordingFeedListener listener = new RecordingFeedListener();
    private final FeedConnection feed;
    private final Map<EventId, String> names = new HashMap<>();
    private final List<EventId> ids = new ArrayList<>();
    private EventId highest = EventId.ZERO;

    Side(ContractedLog hooks) {
      this.hooks = hooks;
      this.log = hooks.log();
      this.feed = await(hooks.pubSub().connect(listener));
      await(feed.subscribe(ROOMS));
      name(EventId.ZERO);
    }

    EventId seen(boolean knows) {
      return knows ? highest : EventId.ZERO;
    }

    String name(EventId id) {
      highest = EventId.max(highest, id);
      return names.computeIfAbsent(
          id,
          unseen -> {
            ids.add(unseen);
            return "id" + ids.size();
          });
    }

    Map<RoomId, String> names(Map<RoomId, EventId> byRoom) {
      var named = new TreeMap<RoomId, String>();
      new TreeMap<>(byRoom).forEach((room, id) -> named.put(room, name(id)));
      return named;
    }

    String entry(LogEntry entry) {
      return switch (entry) {
        case Event event ->
            String.join(
                " ",
                name(event.id()),
                event.room().value(),
                event.type(),
                "after " + name(event.prev()),
                "number " + event.number(),
                event.data());
        case Epoch epoch -> "epoch " + name(epoch.branch()) + " " + name(epoch.start());
        case LogEntry.Unreadable unreadable -> "unreadable " + name(unreadable.id());
      };
    }

    List<String> entries(List<? extends LogEntry> entries) {
      return entries.stream().map(this::entry).toList();
    }

    Object result(AppendResult result) {
      return switch (result) {
        case AppendResult.Appended(Event event) -> "appended " + entry(event);
        case AppendResult.Duplicate(EventId id, var event, var message) ->
            "duplicate " + name(id) + event.map(this::entry) + message.map(this::message);
        case AppendResult.Limited limited -> limited;
        case AppendResult.Unchanged unchanged -> unchanged;
        case AppendResult.TooMany tooMany -> tooMany;
        case AppendResult.Conflict(EventId id) -> "conflict " + name(id);
        case AppendResult.Stale(var current, Instant _) -> "stale " + current.values();
      };
    }

    String message(Message message) {
      return String.join(
          " ",
          name(message.id()),
          message.room().value(),
          "number " + message.number(),
          message.fields(),
          message.isDeleted() ? "deleted" : message.amendment().toString(),
          message.reactions());
    }

    List<String> messages(List<Message> messages) {
      return messages.stream().map(this::message).toList();
    }

    Append react(RoomId room, EventId message, int n) {
      var user = new UserId("u" + n % 2);
      return Append.of(room, "app.reaction", "{}", n % 2 == 0 ? "{}" : "{\"x\":1}")
          .changing(List.of(new Change.React(message, "e" + n / 4, user, n % 3 > 0)));
    }

    Append amend(RoomId room, EventId message, int n) {
      return Append.of(room, "app.edit", "{}", "{\"n\":" + n + "}")
          .expecting(List.of(Expectation.absent(Field.amended(message))))
          .changing(List.of(new Change.Amend(message, "{\"n\":" + n + "}")));
    }

    Append forget(RoomId room, EventId message) {
      return Append.of(room, "app.erased", "{}", "{}")
          .changing(List.of(new Change.Erase(message, "{\"left\":1}")));
    }

    Object log(EventId after, boolean knows, int limit) {
      LogPage page = await(log.log(after, seen(knows), limit));
      // Not compared: trimmed, which may be said too often, and what erasing made of the first.
      return List.of(
          entries(page.epochs().newest()), name(page.last()), entries(page.entries()), page.more());
    }

    /** How far each page goes may differ, where erasing left holes; what they tell may not. */
    Object rooms(EventId after, int limit) {
      RoomsPage page = await(log.rooms(ROOMS, after, limit));
      Object holes = holes(page.holes());
      var told = new ArrayList<>(page.events());
      while (page.more()) {
        page = await(log.rooms(ROOMS, page.complete(), limit));
        told.addAll(page.events());
      }
      return List.of(
          entries(page.epochs().newest()),
          name(page.last()),
          name(page.complete()),
          entries(told),
          holes);
    }

    Object holes(Map<RoomId, RoomsPage.Hole> byRoom) {
      var named = new TreeMap<RoomId, List<Object>>();
      new TreeMap<>(byRoom)
          .forEach((room, hole) ->
              named.put(room, List.of(hole.why(), name(hole.through()), name(hole.oldest()))));
      return named;
    }

    Object history(RoomId room, HistoryQuery query) {
      HistoryPage page = await(log.history(room, query));
      return List.of(messages(page.messages()), page.gap());
    }

    Object snapshot(Snapshot snapshot) {
      return List.of(
          name(snapshot.cursor()),
          name(snapshot.head()),
          snapshot.lastNumber(),
          snapshot.fields(),
          messages(snapshot.messages()));
    }

    Object beat(Beat beat) {
      return List.of(name(beat.last()), entries(beat.epochs().newest()));
    }

    Object erase(RoomId room, EventId id) {
      hooks.erase(room, id);
      return "erased";
    }

    /** Pulses come by the clock, and so by chance. */
    String heard(Heard heard) {
      return switch (heard) {
        case Heard.Told(Event event) -> entry(event);
        case Heard.Passing(Ephemeral event) -> "ephemeral " + event.type();
        case Heard.Forked(Epoch epoch) -> entry(epoch);
        case Heard.Beaten _ -> "";
        case Heard.Closed(String reason) -> "closed " + reason;
        case Heard.Answered _ -> "";
      };
    }
  }
}
