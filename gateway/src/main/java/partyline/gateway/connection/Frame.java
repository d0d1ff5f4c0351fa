package partyline.gateway.connection;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import partyline.room.Cursor;
import partyline.room.Ephemeral;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.RoomId;
import partyline.room.chat.Turn;

/**
 * An event as bytes, encoded once a node and shared by every connection that tells it. Nothing in
 * it depends on who reads. Immutable.
 *
 * <p>With one partition its {@code id:} is the event's. With more it says how far the node was with
 * all of them at that moment; where that is not true of a client, it gets {@link #at a copy}.
 */
public final class Frame {

  private static final byte[] END = {'\n', '\n'};
  private static final Buffer NOTHING = Buffer.buffer();

  private final EventId id;
  private final long atMillis;
  private final @Nullable Cursor cursor;
  private final RoomId room;
  private final boolean movesRooms;
  private final Buffer sse;
  private final Buffer json;
  private final @Nullable Turn turn;
  private final @Nullable EventId says;
  private final @Nullable EventId erases;

  private Frame(Frame like, @Nullable Turn turn, @Nullable EventId says, @Nullable EventId erases) {
    this(
        like.id,
        like.atMillis,
        like.cursor,
        like.room,
        like.movesRooms,
        like.sse,
        like.json,
        turn,
        says,
        erases);
  }

  private Frame(
      EventId id,
      long atMillis,
      @Nullable Cursor cursor,
      RoomId room,
      boolean movesRooms,
      Buffer sse,
      Buffer json,
      @Nullable Turn turn,
      @Nullable EventId says,
      @Nullable EventId erases) {
    this.id = id;
    this.atMillis = atMillis;
    this.cursor = cursor;
    this.room = room;
    this.movesRooms = movesRooms;
    this.sse = sse;
    this.json = json;
    this.turn = turn;
    this.says = says;
    this.erases = erases;
  }

  public static Frame of(Event event) {
    return of(event, null, event.id().toString());
  }

  /**
   * @param cursor where a node stands that has told this event
   */
  public static Frame of(Event event, Cursor cursor) {
    return of(event, cursor, cursor.toString());
  }

  private static Frame of(Event event, @Nullable Cursor cursor, String position) {
    boolean movesRooms =
        event.type().equals(EventType.ROOM_ADDED) || event.type().equals(EventType.ROOM_REMOVED);
    byte[] json = EventCodec.json(event).getBytes(StandardCharsets.UTF_8);
    Frame frame =
        of(
            event.id(),
            event.at().toEpochMilli(),
            cursor,
            event.room(),
            movesRooms,
            "id: " + position,
            json);
    return switch (event.type()) {
      case EventType.MESSAGE_CREATED -> new Frame(frame, null, event.id(), null);
      case EventType.MESSAGE_UPDATED -> new Frame(frame, null, message(event), null);
      case EventType.MESSAGE_DELETED -> new Frame(frame, null, null, message(event));
      default -> new Frame(frame, Turn.of(event).orElse(null), null, null);
    };
  }

  private static @Nullable EventId message(Event event) {
    return EventCodec.message(event).orElse(null);
  }

  /** Named, so that a plain {@code onmessage} does not get it, and without an id. */
  public static Frame of(Ephemeral event) {
    byte[] json = EventCodec.json(event).getBytes(StandardCharsets.UTF_8);
    return of(EventId.ZERO, 0, null, event.room(), false, "event: " + event.type(), json);
  }

  /** The same event for somebody who stands elsewhere in other partitions. */
  public Frame at(Cursor position) {
    Frame frame = of(id, atMillis, position, room, movesRooms, "id: " + position, json.getBytes());
    return new Frame(frame, turn, says, erases);
  }

  private static Frame of(
      EventId id,
      long atMillis,
      @Nullable Cursor cursor,
      RoomId room,
      boolean movesRooms,
      String field,
      byte[] json) {
    byte[] head = (field + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
    byte[] sse = new byte[head.length + json.length + END.length];
    System.arraycopy(head, 0, sse, 0, head.length);
    System.arraycopy(json, 0, sse, head.length, json.length);
    System.arraycopy(END, 0, sse, head.length + json.length, END.length);
    Buffer shared = Buffer.buffer(sse);
    Buffer body = shared.slice(head.length, head.length + json.length);
    return new Frame(id, atMillis, cursor, room, movesRooms, shared, body, null, null, null);
  }

  /** What stands in the place of a frame whose words were taken back: to be passed by. */
  public Frame erased() {
    return new Frame(id, atMillis, cursor, room, movesRooms, NOTHING, NOTHING, null, null, null);
  }

  public boolean isErased() {
    return sse.length() == 0;
  }

  /** The message whose words it holds; null if it holds none. */
  public @Nullable EventId says() {
    return says;
  }

  /** The message whose words nobody may be told any more. */
  public @Nullable EventId erases() {
    return erases;
  }

  /** Where its {@code id:} says that the client stands; null if that is the event's id alone. */
  public @Nullable Cursor cursor() {
    return cursor;
  }

  /** {@link EventId#ZERO} of an ephemeral event. */
  public EventId id() {
    return id;
  }

  /** When the log took it, on Redis' clock; 0 of an ephemeral event. */
  public long atMillis() {
    return atMillis;
  }

  public RoomId room() {
    return room;
  }

  /** Whether its inbox's owner belongs to one room more, or to one less. */
  public boolean movesRooms() {
    return movesRooms;
  }

  /** {@code id: …\ndata: {…}\n\n}, or {@code event: …\ndata: {…}\n\n}; read only. */
  public Buffer sse() {
    return sse;
  }

  /** The event's JSON, the same bytes; read only. */
  public Buffer json() {
    return json;
  }

  /** What it may change of who reads the room; null for almost every event. */
  public @Nullable Turn turn() {
    return turn;
  }

  /** Size of the SSE form in bytes. */
  public int bytes() {
    return sse.length();
  }
}
