package partyline.deploy.check;

import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import partyline.room.EventId;
import partyline.room.LogUnavailable;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisRoomLog;

/**
 * What a Redis holds, for the judge. A connection needs its time, and where faults strike Redis is
 * away for a while: it is asked again until it answers.
 */
public final class LogOfRedis {
  private static final int TRIES = 150;
  private static final long PAUSE_MILLIS = 200;

  private final RedisConfig config;
  private final Partition partition;

  public LogOfRedis(RedisConfig config) {
    this(config, Partitions.ONE.all().getFirst());
  }

  /** That of one partition. */
  public LogOfRedis(RedisConfig config, Partition partition) {
    this.config = config;
    this.partition = partition;
  }

  /** Where it ends now. */
  public EventId end() throws InterruptedException {
    return ask(log -> log.beat(EventId.ZERO).toCompletableFuture().join().last());
  }

  /** All that it holds after an id. */
  public Truth after(EventId begin) throws InterruptedException {
    return ask(log -> Truth.read(log, begin));
  }

  private <T> T ask(Function<RedisRoomLog, T> question) throws InterruptedException {
    try (var connections = RedisConnections.open(config)) {
      var log = new RedisRoomLog(connections.in(partition));
      for (int tries = 1; ; tries++) {
        try {
          return question.apply(log);
        } catch (CompletionException e) {
          if (!(e.getCause() instanceof LogUnavailable) || tries == TRIES) {
            throw e;
          }
          TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
      }
    }
  }
}
