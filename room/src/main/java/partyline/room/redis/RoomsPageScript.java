package partyline.room.redis;

import io.lettuce.core.api.async.RedisScriptingAsyncCommands;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.RoomsPage;
import partyline.room.RoomsPage.Hole;

/** Front of rooms_page.lua: what some rooms hold after an id. */
final class RoomsPageScript {

  private static final LuaScript SCRIPT =
      LuaScript.load("rooms_page", "primary", "ids", "epoch", "resume");

  private final RedisKeys keys;

  RoomsPageScript(RedisKeys keys) {
    this.keys = keys;
  }

  CompletionStage<RoomsPage> run(
      RedisScriptingAsyncCommands<String, String> redis,
      Collection<RoomId> rooms,
      EventId after,
      int limitPerRoom) {
    if (rooms.size() > Limits.ROOMS_FOLLOWED_PER_STREAM) {
      throw new IllegalArgumentException("page of " + rooms.size() + " rooms");
    }
    if (limitPerRoom < 1 || limitPerRoom > Limits.REPLAY_EVENTS_PER_ROOM) {
      throw new IllegalArgumentException("page of " + limitPerRoom + " events a room");
    }
    List<RoomId> asked = List.copyOf(rooms);
    return SCRIPT
        .over(keys)
        .run(
            redis,
            keys(asked),
            List.of(
                after.toString(),
                Integer.toString(limitPerRoom),
                Integer.toString(Limits.REPLAY_EVENTS_PER_ROOM),
                Integer.toString(Limits.ROOMS_PAGE_EVENTS),
                Integer.toString(Limits.PAGE_BYTES)))
        .thenApply(reply -> page(asked, reply));
  }

  private List<String> keys(List<RoomId> rooms) {
    var list = new ArrayList<String>(2 + 2 * rooms.size());
    list.add(keys.log());
    list.add(keys.epochs());
    for (RoomId room : rooms) {
      list.add(keys.head(room));
      list.add(keys.resume(room));
    }
    return list;
  }

  private static RoomsPage page(List<RoomId> rooms, Reply reply) {
    EventId complete = reply.id(1);
    return new RoomsPage(
        reply.id(0),
        complete,
        reply.list(2).epochs(),
        merged(reply.list(4), complete),
        holes(rooms, reply.list(3)));
  }

  private static List<Event> merged(Reply list, EventId complete) {
    var events = new ArrayList<Event>(list.size() / 2);
    for (int i = 0; i < list.size(); i += 2) {
      if (!list.id(i).isAfter(complete)) {
        list.event(i, i + 1).ifPresent(events::add);
      }
    }
    events.sort(Comparator.comparing(Event::id));
    return events;
  }

  private static Map<RoomId, Hole> holes(List<RoomId> rooms, Reply list) {
    var holes = new HashMap<RoomId, Hole>();
    for (int i = 0; i < list.size(); i += 4) {
      Hole.Why why = list.text(i + 1).equals("trimmed") ? Hole.Why.TRIMMED : Hole.Why.TOO_MANY;
      holes.put(rooms.get((int) list.number(i) - 1), new Hole(why, list.id(i + 2), list.id(i + 3)));
    }
    return holes;
  }
}
