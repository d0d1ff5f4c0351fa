package partyline.deploy.check.client;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A way to listen: a stream, or polls. */
interface Transport {

  /**
   * What to do after a visit.
   *
   * @param elsewhere whether to go to the next node
   * @param change whether to go on over another transport
   * @param pause before that; empty = at once
   */
  record Next(boolean elsewhere, boolean change, Optional<Duration> pause) {
    static final Next AGAIN = new Next(false, false, Optional.empty());
    static final Next CHANGED = new Next(false, true, Optional.empty());

    static Next elsewhere(Duration pause) {
      return new Next(true, false, Optional.of(pause));
    }
  }

  /**
   * Listens at a node from the client's cursor: one stream to its end, or one poll. Writes
   * everything into the client's diary, and never throws for what a server does.
   */
  Next visit(URI node, Client client);
}
