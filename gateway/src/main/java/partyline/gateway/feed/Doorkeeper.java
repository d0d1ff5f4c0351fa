package partyline.gateway.feed;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.Shutout;

/**
 * Who must know who is shut out, before anything else is told. Called on the feed's loop.
 *
 * <p>A node that was cut off reads what it missed, and must not tell it to somebody who was shut
 * out meanwhile. So at every new connection the doorkeeper learns first who that is.
 */
public interface Doorkeeper {

  /** The control channel is heard from here on; what came before must be asked for. */
  CompletionStage<Void> learn();

  void hear(long version, Shutout shutout);

  /** Lets everybody in. */
  Doorkeeper NONE =
      new Doorkeeper() {
        @Override
        public CompletionStage<Void> learn() {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public void hear(long version, Shutout shutout) {}
      };
}
