package partyline.gateway.connection;

import partyline.room.Cursor;

/**
 * One client's way out: a sink for frames, nothing more. What the client has and what it gets next
 * is its {@link Reader}'s business.
 *
 * <p>Owned by one loop; all calls come from there. Nothing here blocks or throws, and after an end
 * everything is silently dropped.
 */
public interface Connection {

  /** Who pulls frames for this connection. Called on the loop. */
  interface Reader {

    /** The connection can take frames again; never from within a call to it. */
    void drained();

    /** The connection is gone, whoever ended it; perhaps from within {@code flush, reset, end}. */
    void closed();

    /** A cursor that holds all told so far and nothing more. */
    Cursor position();
  }

  /** Must be called before anything else. */
  void attach(Reader reader);

  /** Whether it stays until somebody ends it; a poll finds a place anew with each request. */
  default boolean stays() {
    return true;
  }

  /**
   * False while the transport holds as much as it should. What comes next then waits in the ring,
   * at no cost here, until the reader hears that it drained.
   */
  boolean isWritable();

  /**
   * All rooms of its reader are heard. It may begin now, unless the connection has others that
   * begin with it.
   */
  default void whenHeard(Runnable begin) {
    begin.run();
  }

  /** One durable event. It need not go out before {@link #flush}. */
  void event(Frame frame);

  /** One event that is in no log, in its place among the others; given only while writable. */
  void ephemeral(Frame frame);

  /** History is gone; the stream goes on from {@link Reset#id}. */
  void reset(Reset reset);

  /** All that was to be replayed has been told; from here on it is live. */
  void ready(Ready ready);

  /**
   * Whether {@link #ready} says to the client where it stands. A poll's client knows of no other
   * place than the one it asked from, and of what it is told, until the answer says more.
   */
  default boolean tellsReady() {
    return true;
  }

  /** The end of a burst: what was given since the last flush goes out in one write. */
  void flush();

  /** The server ends it, for this reason. */
  void end(Goodbye why);

  /** How many bytes the peer's side of the socket has taken so far; what tells slow from stuck. */
  long acceptedBytes();
}
