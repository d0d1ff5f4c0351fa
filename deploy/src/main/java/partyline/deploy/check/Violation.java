package partyline.deploy.check;

import java.util.List;
import java.util.stream.Collectors;
import partyline.room.EventId;

/**
 * A promise that was broken.
 *
 * @param who the client's name; {@code publishers} or {@code log} for theirs
 * @param ids of the events in question, ascending
 * @param detail where to look
 */
public record Violation(Kind kind, String who, List<EventId> ids, String detail) {

  private static final int IDS_SHOWN = 20;

  public enum Kind {
    /** A publisher was told 2xx, and the log does not hold that message under that id. */
    ACKED_NOT_KEPT,
    /** A publisher was told no, and the log holds the message. */
    REFUSED_BUT_KEPT,
    /** The log holds two messages of one sender, room and key. */
    KEPT_TWICE,
    /** A room's events do not name each other as predecessors, or its messages are misnumbered. */
    BROKEN_CHAIN,
    /** A client never got events of its rooms, and no reset covers them. */
    LOST,
    /** A client got an event again. */
    TWICE,
    /** A client got an id that is not above what it had been told before. */
    OUT_OF_ORDER,
    /** A client got an event of a room that it had not asked for. */
    STRAY,
    /** An id names another event for this client than for the log, or for another client. */
    DIFFERENT,
    /** A client got an event that the log does not hold, and no epoch cut it off. */
    PHANTOM,
    /** A client stood beyond a fork of the log and went on without a reset. */
    NOT_TOLD_OF_FORK,
    /** A client was reset for an epoch that its cursor survived. */
    NEEDLESS_RESET,
    /** A client never learned where it stands, so nothing can be held against anybody. */
    NEVER_READY,
    /** The bytes on the wire break the protocol. */
    PROTOCOL
  }

  public Violation {
    ids = List.copyOf(ids);
  }

  @Override
  public String toString() {
    String shown =
        ids.stream().limit(IDS_SHOWN).map(EventId::toString).collect(Collectors.joining(", "));
    String more = ids.size() > IDS_SHOWN ? " and " + (ids.size() - IDS_SHOWN) + " more" : "";
    return kind + " " + who + (ids.isEmpty() ? "" : ": " + shown + more) + " (" + detail + ")";
  }
}
