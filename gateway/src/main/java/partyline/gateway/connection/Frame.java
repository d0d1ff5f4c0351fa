package partyline.gateway.connection;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import partyline.room.Ephemeral;
import partyline.room.Event;
import partyline.room.EventCodec;
import partyline.room.EventId;
import partyline.room.RoomId;
import partyline.room.chat.Turn;

/**
 * An event as bytes, encoded once a node and shared by every connection that tells it. Nothing in
 * it depends on who reads. Immutable.
 */
public final class Frame {

  private static final byte[] END = {'\n', '\n'};

  private final EventId id;
  private final RoomId room;
  private final Buffer sse;
  private final Buffer json;
  private final @Nullable Turn turn;

  private Frame(EventId id, RoomId room, Buffer sse, Buffer json, @Nullable Turn turn) {
    this.id = id;
    this.room = room;
    this.sse = sse;
    this.json = json;
    this.turn = turn;
  }

  public static Frame of(Event event) {
    Turn turn = Turn.of(event).orElse(null);
    return of(event.id(), event.room(), "id: " + event.id(), EventCodec.json(event), turn);
  }

  /** Named, so that a plain {@code onmessage} does not get it, and without an id. */
  public static Frame of(Ephemeral event) {
    return of(EventId.ZERO, event.room(), "event: " + event.type(), EventCodec.json(event), null);
  }

  private static Frame of(EventId id, RoomId room, String field, String data, @Nullable Turn turn) {
    byte[] head = (field + "\ndata: ").getBytes(StandardCharsets.US_ASCII);
    byte[] json = data.getBytes(StandardCharsets.UTF_8);
    byte[] sse = new byte[head.length + json.length + END.length];
    System.arraycopy(head, 0, sse, 0, head.length);
    System.arraycopy(json, 0, sse, head.length, json.length);
    System.arraycopy(END, 0, sse, head.length + json.length, END.length);
    Buffer shared = Buffer.buffer(sse);
    return new Frame(id, room, shared, shared.slice(head.length, head.length + json.length), turn);
  }

  /** {@link EventId#ZERO} of an ephemeral event. */
  public EventId id() {
    return id;
  }

  public RoomId room() {
    return room;
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
