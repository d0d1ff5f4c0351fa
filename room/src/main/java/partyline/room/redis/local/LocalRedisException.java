package partyline.room.redis.local;

import org.jspecify.annotations.Nullable;

/** A local Redis could not be found, started or asked. The message is written for a person. */
public final class LocalRedisException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LocalRedisException(String message) {
    super(message);
  }

  LocalRedisException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
