package partyline.room;

import java.util.Collection;
import java.util.concurrent.CompletionStage;

/**
 * One connection that both listens and reads.
 *
 * <p>Redis answers a connection in order, so the reply of a read is an exact barrier among the
 * pushes: an event whose push came before the reply is in the read or below it, and one whose push
 * comes after it is not. That is what spares the feed any buffer for splicing. Implementations keep
 * that order: stages complete, and the listener is called, on one thread, as things came in.
 *
 * <p>It never reconnects. Once {@link FeedListener#closed} was called it is of no use any more.
 */
public interface FeedConnection extends LogReader, AutoCloseable {

  /**
   * Completes when every one of these rooms is acknowledged; at most {@link
   * Limits#SUBSCRIBE_BATCH_ROOMS}.
   */
  CompletionStage<Void> subscribe(Collection<RoomId> rooms);

  /** Stops listening to these rooms; pushes already on the way still arrive. */
  void unsubscribe(Collection<RoomId> rooms);

  /** Ends the connection at once; the listener is told. Idempotent. */
  @Override
  void close();
}
