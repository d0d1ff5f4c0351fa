package partyline.deploy.check;

import java.util.List;
import java.util.Optional;
import partyline.room.EventId;

/**
 * One stream, or one poll.
 *
 * @param node where it went
 * @param from the cursor it sent; empty = from now on
 * @param heard in the order in which it arrived
 * @param fault what of the protocol was broken, in a sentence
 */
public record Connection(
    String node,
    Transport transport,
    Optional<EventId> from,
    List<Heard> heard,
    Ending ending,
    Optional<String> fault) {

  public enum Transport {
    STREAM,
    POLL
  }

  /** How it ended, as the client saw it. */
  public enum Ending {
    /** Not at all so far. */
    OPEN,
    /** The body ended as HTTP means it: every poll, and streams of nodes that are told so. */
    FINISHED,
    /** In the middle: reset, or closed before the end of the body. */
    CUT,
    /** The client left: it was told {@code bye}, or wanted something else. */
    LEFT,
    /** Nobody answered the call, or nobody took it. */
    NOT_CONNECTED,
    /** Nothing came any more, not even a heartbeat. */
    SILENT,
    /** Another status than 200. */
    REFUSED
  }

  public Connection {
    heard = List.copyOf(heard);
  }

  @Override
  public String toString() {
    return "%s at %s from %s, ended %s"
        .formatted(transport, node, from.map(EventId::toString).orElse("now"), ending);
  }
}
