package partyline.room.redis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.Presence;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Presence on Redis; front of presence_*.lua and typing.lua. */
public final class RedisPresence implements Presence {

  private static final String[] PRELUDES = {"lease", "ephemeral", "presence"};
  private static final LuaScript RENEW = LuaScript.load("presence_renew", "primary", "lease");
  private static final LuaScript CHANGE = LuaScript.load("presence_change", PRELUDES);
  private static final LuaScript HERE = LuaScript.load("presence_here", PRELUDES);
  private static final LuaScript LAPSED = LuaScript.load("presence_lapsed", "lease");
  private static final LuaScript ROOMS = LuaScript.load("presence_rooms", PRELUDES);
  private static final LuaScript SWEEP = LuaScript.load("presence_sweep", PRELUDES);
  private static final LuaScript TYPING = LuaScript.load("typing", "lease", "ephemeral");

  private static final String TYPING_DATA =
      "{\"expires_in_s\":" + Limits.TYPING_EXPIRES.toSeconds() + "}";

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisPresence(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Void> open(String node) {
    return renew(node, true).thenApply(held -> null);
  }

  @Override
  public CompletionStage<Boolean> renew(String node) {
    return renew(node, false);
  }

  private CompletionStage<Boolean> renew(String node, boolean first) {
    var names = List.of(keys.nodes());
    var args = List.of(node, Long.toString(Limits.NODE_LEASE.toMillis()), first ? "1" : "0");
    return calls
        .repeatable(redis -> RENEW.run(redis, names, args))
        .thenApply(reply -> reply.flag(0));
  }

  @Override
  public CompletionStage<Outcome> change(String node, Turnover turnover) {
    if (turnover.came().size() + turnover.went().size() > Limits.PRESENCE_CHANGE_PEOPLE) {
      throw new IllegalArgumentException("a turnover of too many people");
    }
    var args = new ArrayList<String>();
    args.add(node);
    args.addAll(room(turnover.room()));
    args.add(turnover.deserted() ? "1" : "0");
    args.add(Integer.toString(turnover.came().size()));
    for (Person person : turnover.came()) {
      args.add(person.id().value());
      args.add(json(person));
    }
    turnover.went().forEach(user -> args.add(user.value()));
    return calls
        .repeatable(redis -> CHANGE.over(keys).run(redis, keysOf(node, turnover.room()), args))
        .thenApply(RedisPresence::outcome);
  }

  private static Outcome outcome(Reply reply) {
    return switch (reply.text(0)) {
      case "told" -> {
        long millis = reply.number(1);
        yield millis > 0 ? new Outcome.Held(Duration.ofMillis(millis)) : new Outcome.Done();
      }
      case "over" -> new Outcome.Over();
      default -> throw new IllegalStateException("presence_change.lua answered " + reply.text(0));
    };
  }

  @Override
  public CompletionStage<Here> here(RoomId room) {
    var names = List.of(keys.nodes(), keys.people(room), keys.presenceTold(room));
    return calls
        .repeatable(redis -> HERE.over(keys).run(redis, names, room(room)))
        .thenApply(
            reply -> new Here(reply.number(0), (int) reply.number(1), people(reply.list(2))));
  }

  @Override
  public CompletionStage<Boolean> typing(RoomId room, Person by) {
    var names = List.of(keys.people(room), keys.typing(room, by.id()), keys.typing(room));
    var args =
        List.of(
            room.value(),
            keys.channel(room),
            json(by),
            TYPING_DATA,
            Integer.toString(Limits.PRESENCE_NAMED),
            Long.toString(Limits.TYPING_EVERY.toMillis()),
            Integer.toString(Limits.TYPING_PER_ROOM_SECOND));
    return calls
        .repeatable(redis -> TYPING.over(keys).run(redis, names, args))
        .thenApply(reply -> reply.flag(0));
  }

  @Override
  public CompletionStage<List<String>> lapsed() {
    var args = List.of(Long.toString(Limits.NODE_LEASE.toMillis()));
    return calls
        .repeatable(redis -> LAPSED.run(redis, List.of(keys.nodes()), args))
        .thenApply(RedisPresence::texts);
  }

  @Override
  public CompletionStage<Boolean> sweep(String node) {
    var names = List.of(keys.nodes(), keys.presenceRooms(node));
    var args = List.of(node, Integer.toString(Limits.PRESENCE_SWEEP_ROOMS));
    return calls
        .repeatable(redis -> ROOMS.over(keys).run(redis, names, args))
        .thenCompose(reply -> sweep(node, texts(reply), 0));
  }

  /** One room after the other: who is told of a thousand departures is in no hurry. */
  private CompletionStage<Boolean> sweep(String node, List<String> rooms, int next) {
    return next == rooms.size()
        ? CompletableFuture.completedFuture(!rooms.isEmpty())
        : sweep(node, new RoomId(rooms.get(next)), "0")
            .thenCompose(done -> sweep(node, rooms, next + 1));
  }

  private CompletionStage<String> sweep(String node, RoomId room, String from) {
    var args = new ArrayList<String>();
    args.add(node);
    args.addAll(room(room));
    args.add(from);
    args.add(Integer.toString(Limits.PRESENCE_SWEEP_PEOPLE));
    return calls
        .repeatable(redis -> SWEEP.over(keys).run(redis, keysOf(node, room), args))
        .thenCompose(reply ->
            reply.text(0).equals("0")
                ? CompletableFuture.completedFuture("0")
                : sweep(node, room, reply.text(0)));
  }

  private List<String> keysOf(String node, RoomId room) {
    return List.of(
        keys.nodes(), keys.people(room), keys.presenceTold(room), keys.presenceRooms(node));
  }

  /** What presence.lua makes a room of. */
  private List<String> room(RoomId room) {
    return List.of(
        room.value(),
        keys.channel(room),
        Integer.toString(Limits.PRESENCE_NAMED),
        Long.toString(Limits.PRESENCE_COUNT_EVERY.toMillis()),
        Integer.toString(Limits.PRESENCE_EVENT_PEOPLE),
        Long.toString(Limits.PRESENCE_VERSION_KEPT.toMillis()));
  }

  private static String json(Person person) {
    return Json.line(
        Json.MAPPER.createObjectNode().put("id", person.id().value()).put("name", person.name()));
  }

  private static List<Person> people(Reply persons) {
    return texts(persons).stream().map(RedisPresence::person).toList();
  }

  private static Person person(String json) {
    try {
      JsonNode person = Json.MAPPER.readTree(json);
      return new Person(new UserId(person.path("id").asText()), person.path("name").asText());
    } catch (JsonProcessingException wrong) {
      throw new IllegalStateException("a person that is no JSON", wrong);
    }
  }

  private static List<String> texts(Reply reply) {
    return IntStream.range(0, reply.size()).mapToObj(reply::text).toList();
  }
}
