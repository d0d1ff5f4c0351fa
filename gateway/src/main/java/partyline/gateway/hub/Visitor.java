package partyline.gateway.hub;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import partyline.room.EventId;
import partyline.room.RoomId;
import partyline.room.chat.Turn;

/** As whom a connection listens: says what they may read. Called on the hub's loop. */
public interface Visitor {

  /** Who may read everything, always. */
  Visitor ANYBODY =
      new Visitor() {
        @Override
        public Turn.Effect on(Turn turn) {
          return Turn.Effect.KEEPS;
        }

        @Override
        public CompletionStage<Look> look(RoomId room) {
          return CompletableFuture.completedFuture(new Look(true, EventId.ZERO));
        }
      };

  /**
   * What the log said of a room.
   *
   * @param head the room's last event at that instant: this and all before it is judged by it
   */
  record Look(boolean readable, EventId head) {}

  /** Whether this takes the right to read from them. */
  Turn.Effect on(Turn turn);

  /** Whether they may read this room, as the log says now. May complete on any thread. */
  CompletionStage<Look> look(RoomId room);
}
