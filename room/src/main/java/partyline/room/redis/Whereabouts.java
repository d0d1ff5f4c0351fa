package partyline.room.redis;

import io.lettuce.core.RedisURI;
import java.util.concurrent.CompletionStage;

/**
 * Where the primary is that holds our keys. It is asked before each connect, so that after a
 * failover the next connection ends at who took over. Any thread.
 */
interface Whereabouts {

  /** Fails as a connect would, as long as nobody can be found. */
  CompletionStage<RedisURI> primary();
}
