package partyline.room;

/**
 * How far a node knows the log: the highest id that its Redis ever gave it, be it heard, read or
 * answered. Whatever it asks Redis to write it sends along, and a Redis that ends below that has
 * lost something. Thread-safe.
 *
 * <p>Answers count because they may be all that anybody has. Example: a primary restarts, and ids
 * go on 30 s ahead. It acknowledges ten events and dies before one feed has heard them, and its
 * replica knows nothing of all that. A node that sent along only what its feed had heard would
 * begin the replica's epoch no higher than where those ten are, and they would be lost without an
 * epoch that says so.
 */
@FunctionalInterface
public interface Horizon {

  /** Never falls, whatever Redis lost. */
  EventId seen();

  /** The log has this id: it was the answer to a write. */
  default void answered(EventId id) {}
}
