package partyline.room.redis;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import partyline.room.Crew;

/** The crew on Redis; front of crew.lua. */
public final class RedisCrew implements Crew {

  private static final LuaScript HERE = LuaScript.load("crew", "lease");

  private final RedisKeys keys;
  private final RedisCalls calls;

  public RedisCrew(RedisConnections connections) {
    this.keys = connections.keys();
    this.calls = connections.calls();
  }

  @Override
  public CompletionStage<Set<String>> here(String worker, Duration lease) {
    var args = List.of(worker, Long.toString(lease.toMillis()));
    return calls
        .repeatable(redis -> HERE.run(redis, List.of(keys.workers()), args))
        .thenApply(reply -> {
          var workers = new HashSet<String>();
          for (int i = 0; i < reply.size(); i++) {
            workers.add(reply.text(i));
          }
          return Set.copyOf(workers);
        });
  }

  @Override
  public CompletionStage<Void> gone(String worker) {
    return calls.repeatable(redis -> redis.zrem(keys.workers(), worker)).thenAccept(_ -> {});
  }
}
