package partyline.deploy.check;

import partyline.room.EventId;
import partyline.room.RoomId;

/**
 * One message that somebody tried to publish, with all its retries.
 *
 * @param key its {@code client_msg_id}, used for no other message
 */
public record Publication(RoomId room, String key, Outcome outcome) {

  /** What its publisher knows of it in the end. */
  public sealed interface Outcome {

    /** 2xx: it is in the log, under this id. */
    record Acked(EventId id) implements Outcome {}

    /** An answer that no retry mends: it is not in the log. */
    record Refused(int status) implements Outcome {}

    /** Given up without an answer: it may be in the log, once. */
    record Unknown() implements Outcome {}
  }
}
