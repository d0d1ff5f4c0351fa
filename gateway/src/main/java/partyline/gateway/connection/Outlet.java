package partyline.gateway.connection;

/**
 * Where a stream's bytes leave the process, once its head is out. Owned by the connection's loop.
 *
 * <p>There is more than one way through Vert.x and Netty; this is what a stream needs of either.
 */
public interface Outlet {

  /** False while as many bytes are pending as should be. */
  boolean isWritable();

  /** Goes out with the next {@link #flush}. */
  void write(Burst burst);

  /** What was written since the last one leaves in one system call, where that is ours to say. */
  void flush();

  /** A comment that keeps proxies and clients from thinking the connection dead. */
  void heartbeat();

  /** Called when it becomes writable again, never from within another call. */
  void onWritable(Runnable handler);

  /** Called once when the connection is gone, whoever closed it. */
  void onClosed(Runnable handler);

  /**
   * Asks the client to come back over another connection, where one carries more than this stream:
   * a balancer decides anew for connections only.
   */
  void sendElsewhere();

  /** Bytes given that the socket has taken. */
  long acceptedBytes();

  /** Ends the body as HTTP means it. */
  void finish();

  /**
   * Ends it so that the client sees a broken transfer: one popular client never reconnects after a
   * body that ended well.
   */
  void abort();
}
