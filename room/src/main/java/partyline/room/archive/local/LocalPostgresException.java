package partyline.room.archive.local;

import org.jspecify.annotations.Nullable;

/** PostgreSQL can't be started here; the message is a sentence for whoever wanted it. */
public final class LocalPostgresException extends RuntimeException {
  private static final long serialVersionUID = 1;

  LocalPostgresException(String sentence, @Nullable Throwable cause) {
    super(sentence, cause);
  }
}
