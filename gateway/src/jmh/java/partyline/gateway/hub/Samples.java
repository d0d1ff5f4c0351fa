package partyline.gateway.hub;

import java.time.Instant;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.RoomId;

/** Events as a chat has them: a sentence, a name, about 400 bytes as JSON. */
final class Samples {
  private static final long FIRST_MILLIS = 1_763_735_000_000L;
  private static final RoomId LOBBY = new RoomId("lobby");

  private Samples() {}

  static EventId id(long number) {
    return new EventId(FIRST_MILLIS + number / 3, number % 3);
  }

  static Event event(long number) {
    return new Event(
        id(number),
        LOBBY,
        EventType.MESSAGE_CREATED,
        Instant.ofEpochMilli(FIRST_MILLIS + number),
        EventId.ZERO,
        number,
        "{\"id\":\"u7\",\"name\":\"Ada\",\"kind\":\"member\"}",
        "{\"kind\":\"user\",\"by\":{\"id\":\"u7\",\"name\":\"Ada\"},\"text\":\"We meet at noon, and whoever"
            + " is late brings the coffee.\",\"data\":null,\"client_msg_id\":\"m"
            + number
            + "\"}");
  }
}
