package partyline.gateway.hub;

import partyline.gateway.connection.Connection;
import partyline.room.Limits;

/**
 * How far a subscription that is not live is behind, and since when its client has taken nothing:
 * what tells slow from stuck. Owned by the hub's loop.
 */
final class Lag {

  /** Of what came while the client could take nothing; about. */
  private long bytes;

  private long acceptedBytes;
  private long acceptedAtMillis;

  Lag(long nowMillis) {
    acceptedAtMillis = nowMillis;
  }

  long bytes() {
    return bytes;
  }

  /** It was live until now. */
  void begins(Connection connection, long nowMillis) {
    acceptedBytes = connection.acceptedBytes();
    acceptedAtMillis = nowMillis;
  }

  /** It is live from now on. */
  void ends() {
    bytes = 0;
  }

  void grows(long more) {
    bytes += more;
  }

  void shrinks(long told) {
    bytes = Math.max(0, bytes - told);
  }

  /** The client took all there was. */
  void drained(long nowMillis) {
    acceptedAtMillis = nowMillis;
  }

  /** To be asked once a second. */
  boolean isTooMuch(Connection connection, long nowMillis) {
    boolean writable = connection.isWritable();
    long accepted = connection.acceptedBytes();
    if (writable || accepted != acceptedBytes) {
      acceptedBytes = accepted;
      acceptedAtMillis = nowMillis;
    }
    boolean farBehind = !writable && bytes > Limits.LAG_BYTES;
    return farBehind || nowMillis - acceptedAtMillis > Limits.LAG_TIME.toMillis();
  }
}
