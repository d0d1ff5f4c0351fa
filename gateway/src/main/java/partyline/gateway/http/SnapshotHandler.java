package partyline.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import partyline.gateway.http.Sight.Onlooker;
import partyline.gateway.token.Caller;
import partyline.room.Cursor;
import partyline.room.EventCodec;
import partyline.room.Field;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.Message;
import partyline.room.Presence;
import partyline.room.Presence.Here;
import partyline.room.ReadMarkers.Marker;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.Snapshot;
import partyline.room.chat.RoomFields;
import partyline.room.chat.Standing;

/**
 * {@code GET /v1/rooms/{room}/snapshot}: all that a page needs to show a room, of one instant. A
 * stream that begins at its cursor continues it without a gap.
 */
final class SnapshotHandler {

  private static final int MESSAGES_DEFAULT = 50;

  private final Sight sight;
  private final RoomLog log;
  private final WholeHistory history;
  private final Cursors cursors;
  private final Presence presence;

  SnapshotHandler(
      Sight sight, RoomLog log, WholeHistory history, Cursors cursors, Presence presence) {
    this.cursors = cursors;
    this.sight = sight;
    this.log = log;
    this.history = history;
    this.presence = presence;
  }

  private record Seen(Snapshot snapshot, Here here) {}

  void get(RoutingContext context) {
    sight.take(
        context,
        onlooker ->
            Query.of(context.request())
                .map(SnapshotHandler::messages)
                .orElseGet(() -> Parsed.bad(Query.malformed()))
                .orRefuse(context, messages -> show(context, onlooker, messages)));
  }

  private static Parsed<Integer> messages(Query query) {
    String text = query.first("messages").orElse(Integer.toString(MESSAGES_DEFAULT));
    return text.matches("\\d{1,9}") && Integer.parseInt(text) <= Limits.HISTORY_PAGE_MESSAGES
        ? Parsed.good(Integer.parseInt(text))
        : Parsed.bad(Problem.invalid("messages", "must be 0 to " + Limits.HISTORY_PAGE_MESSAGES));
  }

  private void show(RoutingContext context, Onlooker onlooker, int messages) {
    Set<Field> fields = new HashSet<>(sight.fields(onlooker, RoomFields.PINS, RoomFields.MEMBERS));
    Optional<Field> read = marker(onlooker.access());
    read.ifPresent(fields::add);
    // Both leave for Redis together. Who is here has a version of its own to go on from.
    Answer.after(
        context,
        log.snapshot(onlooker.room(), messages, fields)
            .thenCompose(snapshot -> history.filled(onlooker.room(), snapshot, messages))
            .thenCombine(presence.here(onlooker.room()), Seen::new),
        seen ->
            sight.ifReadable(
                context,
                onlooker,
                RoomHandler.view(seen.snapshot()),
                standing ->
                    Answer.json(context, Answer.OK, json(onlooker.room(), seen, standing, read))));
  }

  /** Where it stands how far they have read; empty for who has no such place. */
  private static Optional<Field> marker(Access access) {
    return access instanceof Access.Known(Caller caller) && !caller.id().isGuest()
        ? Optional.of(Field.read(caller.id()))
        : Optional.empty();
  }

  private String json(RoomId room, Seen seen, Standing standing, Optional<Field> marker) {
    Snapshot snapshot = seen.snapshot();
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.set("room", RoomHandler.json(room, snapshot, standing));
    ObjectNode me = json.putObject("me");
    me.put("role", standing.position().name().toLowerCase(Locale.ROOT));
    ArrayNode can = me.putArray("can");
    standing.can().forEach(permission -> can.add(permission.word()));
    marker.ifPresent(field -> {
      Marker read = Marker.in(snapshot.fields(), field);
      me.putObject("read").put("id", read.id().toString()).put("number", read.number());
    });
    put(json.putArray("messages"), snapshot.messages());
    put(json.putArray("pins"), snapshot.pinned());
    json.set("presence", PresenceHandler.json(seen.here()));
    Cursor cursor = cursors.of(room, snapshot.cursor());
    json.put("cursor", cursor.toString());
    if (!cursor.isSingle()) {
      // Ids of the room's events are compared with this one.
      json.put("position", snapshot.cursor().toString());
    }
    return Json.line(json);
  }

  private static void put(ArrayNode array, List<Message> messages) {
    messages.forEach(message -> array.addRawValue(new RawValue(EventCodec.messageJson(message))));
  }
}
