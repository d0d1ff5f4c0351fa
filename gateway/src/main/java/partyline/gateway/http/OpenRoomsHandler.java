package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.gateway.http.Sight.Onlooker;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.RoomLists;
import partyline.room.RoomLog;
import partyline.room.Snapshot;
import partyline.room.chat.RoomFields;
import partyline.room.chat.Standing;

/** {@code GET /v1/rooms?scope=open}: the rooms that anybody may know of, to be read or joined. */
final class OpenRoomsHandler {

  private final Authentication authentication;
  private final Sight sight;
  private final RoomLog log;
  private final RoomLists lists;

  OpenRoomsHandler(Authentication authentication, Sight sight, RoomLog log, RoomLists lists) {
    this.authentication = authentication;
    this.sight = sight;
    this.log = log;
    this.lists = lists;
  }

  private record Found(Onlooker onlooker, Snapshot snapshot) {}

  void get(RoutingContext context) {
    Access access = authentication.reader(context.request());
    if (access instanceof Access.Refused(Problem problem)) {
      problem.send(context);
      return;
    }
    PageQuery.parse(context.request(), Limits.LIST_PAGE, after -> RoomId.parse(after).isPresent())
        .orRefuse(context, page -> list(context, access, page));
  }

  private void list(RoutingContext context, Access access, PageQuery page) {
    Answer.after(
        context,
        lists
            .open(page.after().map(RoomId::new), page.limit())
            .thenCompose(rooms -> look(access, rooms)),
        found -> Answer.json(context, Answer.OK, json(found, page.limit())));
  }

  /** All are asked for at once, and leave for Redis together. */
  private CompletionStage<List<Found>> look(Access access, List<RoomId> rooms) {
    CompletionStage<List<Found>> all = CompletableFuture.completedFuture(new ArrayList<>());
    for (RoomId room : rooms) {
      var onlooker = new Onlooker(access, room);
      all =
          all.thenCombine(
              log.snapshot(room, 0, sight.fields(onlooker, RoomFields.MEMBERS)),
              (found, snapshot) -> {
                found.add(new Found(onlooker, snapshot));
                return found;
              });
    }
    return all;
  }

  private String json(List<Found> all, int limit) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    var rooms = json.putArray("rooms");
    for (Found found : all) {
      Standing standing = sight.standing(found.onlooker(), RoomHandler.view(found.snapshot()));
      role(standing)
          .ifPresent(role -> {
            ObjectNode room = rooms.addObject().put("id", found.onlooker().room().value());
            put(room, found.snapshot(), standing, role);
          });
    }
    if (all.size() == limit) {
      json.put("next", all.getLast().onlooker().room().value());
    }
    return Json.line(json);
  }

  /** What they are in it; empty if it was closed to them since it was listed, or they to it. */
  private static Optional<String> role(Standing standing) {
    return switch (standing.position()) {
      case STRANGER, BANNED -> Optional.empty();
      default -> Optional.of(standing.position().name().toLowerCase(Locale.ROOT));
    };
  }

  private static void put(ObjectNode room, Snapshot snapshot, Standing standing, String role) {
    room.put("title", standing.settings().title());
    room.put("topic", standing.settings().topic());
    room.put("access", standing.settings().access().name().toLowerCase(Locale.ROOT));
    room.put("role", role);
    room.put("members", RoomHandler.members(snapshot));
    room.put("last_number", snapshot.lastNumber());
  }
}
