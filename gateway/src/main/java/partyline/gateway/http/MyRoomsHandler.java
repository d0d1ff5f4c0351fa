package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.gateway.http.Sight.Onlooker;
import partyline.room.Field;
import partyline.room.Json;
import partyline.room.Memberships;
import partyline.room.ReadMarkers.Marker;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.Snapshot;
import partyline.room.UserId;
import partyline.room.View;
import partyline.room.chat.Permission;
import partyline.room.chat.RoomFields;
import partyline.room.chat.Standing;

/** {@code GET /v1/rooms}: the rooms I belong to, how far they are and how far I have read. */
final class MyRoomsHandler {

  private final Authentication authentication;
  private final Sight sight;
  private final RoomLog log;
  private final Memberships memberships;

  MyRoomsHandler(Authentication authentication, Sight sight, RoomLog log, Memberships memberships) {
    this.authentication = authentication;
    this.sight = sight;
    this.log = log;
    this.memberships = memberships;
  }

  private record Found(Onlooker onlooker, Snapshot snapshot) {}

  void get(RoutingContext context) {
    authentication
        .somebody(context.request())
        .orRefuse(
            context,
            caller -> {
              var access = new Access.Known(caller);
              Answer.after(
                  context,
                  memberships.of(caller.id()).thenCompose(rooms -> look(access, rooms)),
                  found -> Answer.json(context, Answer.OK, json(caller.id(), found)));
            });
  }

  /** All are asked for at once, and leave for Redis together. */
  private CompletionStage<List<Found>> look(Access.Known access, List<RoomId> rooms) {
    CompletionStage<List<Found>> all = CompletableFuture.completedFuture(new ArrayList<>());
    for (RoomId room : rooms) {
      var onlooker = new Onlooker(access, room);
      UserId me = access.caller().id();
      Set<Field> fields = Set.copyOf(sight.fields(onlooker, RoomFields.member(me), Field.read(me)));
      all =
          all.thenCombine(
              log.snapshot(room, 0, fields),
              (found, snapshot) -> {
                found.add(new Found(onlooker, snapshot));
                return found;
              });
    }
    return all;
  }

  private String json(UserId me, List<Found> all) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    var rooms = json.putArray("rooms");
    for (Found found : all) {
      Snapshot snapshot = found.snapshot();
      View view = RoomHandler.view(snapshot);
      Standing standing = sight.standing(found.onlooker(), view);
      boolean mine = view.field(RoomFields.member(me)).isPresent();
      if (mine && standing.refusal(Permission.READ).isEmpty()) {
        put(rooms.addObject(), me, found, standing);
      }
    }
    return Json.line(json);
  }

  private static void put(ObjectNode room, UserId me, Found found, Standing standing) {
    Snapshot snapshot = found.snapshot();
    room.put("id", found.onlooker().room().value());
    room.put("title", standing.settings().title());
    room.put("access", standing.settings().access().name().toLowerCase(Locale.ROOT));
    room.put("role", standing.position().name().toLowerCase(Locale.ROOT));
    room.put("last_id", snapshot.head().toString());
    room.put("last_number", snapshot.lastNumber());
    Marker read = Marker.in(snapshot.fields(), Field.read(me));
    room.put("unread", read.unread(snapshot.lastNumber()));
    room.putObject("read").put("id", read.id().toString()).put("number", read.number());
  }
}
