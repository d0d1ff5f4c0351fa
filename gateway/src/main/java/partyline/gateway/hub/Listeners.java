package partyline.gateway.hub;

import java.util.List;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.loop.Loop;

/** Everybody who listens on one loop, as those see it who end streams. */
public interface Listeners {

  /** One of them: a stream, or a parked poll. */
  interface Listener {

    /** See {@link Connection#stays}. */
    boolean stays();

    /** Ends it from our side; the connection says goodbye. On the loop. */
    void end(Goodbye why);
  }

  Loop loop();

  /** How many there are; any thread. */
  int size();

  /** How many of them are streams, which stay where they are; any thread. */
  int streams();

  /** All of them as of now, the oldest first; on the loop. */
  List<? extends Listener> subscriptions();
}
