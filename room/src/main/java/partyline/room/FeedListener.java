package partyline.room;

/**
 * What a {@link FeedConnection} hears, in the order Redis sent it, on the connection's own thread.
 * None of these may block or throw: one throwing listener starves all others.
 */
public interface FeedListener {

  /** An event of a room this connection is subscribed to. */
  void event(Event event);

  /** Something of such a room that is in no log; nobody will ask for it again if it is dropped. */
  void ephemeral(Ephemeral event);

  /** A new epoch has begun. */
  void epoch(Epoch epoch);

  /** Somebody's beat went through: the log took a write and ended at this id. */
  void beat(EventId last);

  /**
   * Somebody is shut out of the whole site, or let in again.
   *
   * @param version see {@link Shutouts}
   */
  default void shutout(long version, Shutout shutout) {}

  /**
   * The connection is gone, or can't be trusted any more (a channel was taken away). Called once.
   */
  void closed(String reason);
}
