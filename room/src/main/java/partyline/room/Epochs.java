package partyline.room;

import java.util.List;

/**
 * The newest epochs of the log (at most 50), by start, ascending.
 *
 * <p>The first of all epochs branches off at {@link EventId#ZERO}, so a cursor below the oldest one
 * kept is either from another life of this Redis or too old to be judged: both are lost.
 */
public record Epochs(List<Epoch> newest) {

  public static final Epochs NONE = new Epochs(List.of());

  public Epochs {
    newest = List.copyOf(newest);
  }

  /** Whether a client at this cursor may hold events that no longer exist. */
  public boolean lost(EventId cursor) {
    if (newest.isEmpty() || cursor.equals(EventId.ZERO)) {
      return false;
    }
    return newest.getFirst().start().isAfter(cursor) || cutOff(cursor);
  }

  /** Whether one of these epochs cut off a cursor, however old that is. */
  public boolean cutOff(EventId cursor) {
    return newest.stream().anyMatch(epoch -> epoch.cutOff(cursor));
  }

  /** The epochs that start after this id: what a feed standing there has not heard of. */
  public List<Epoch> after(EventId id) {
    return newest.stream().filter(epoch -> epoch.start().isAfter(id)).toList();
  }
}
