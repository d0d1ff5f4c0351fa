package partyline.deploy.check;

import java.util.Optional;
import java.util.Set;
import partyline.room.EventId;
import partyline.room.RoomId;

/** Something that a client was told. */
public sealed interface Heard {

  /**
   * A durable event.
   *
   * @param key the {@code client_msg_id} of its message, empty for none
   */
  record Told(EventId id, RoomId room, String key) implements Heard {}

  /**
   * A place in the log without an event: the client has everything up to here. The id of {@code
   * ready} on a stream, the cursor at the end of a poll's answer.
   */
  record Mark(EventId id) implements Heard {}

  /**
   * History is gone for these rooms.
   *
   * @param id where they go on; empty in a poll, where that is the answer's mark
   */
  record Reset(Set<RoomId> rooms, String reason, Optional<EventId> id) implements Heard {

    public static final String EPOCH = "epoch";
    public static final String CURSOR = "cursor";

    public Reset {
      rooms = Set.copyOf(rooms);
    }
  }

  /** The server ends the connection. */
  record Bye(String reason) implements Heard {}
}
