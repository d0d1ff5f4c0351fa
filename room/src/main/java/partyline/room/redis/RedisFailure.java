package partyline.room.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import partyline.room.LogUnavailable;

/**
 * Why a command failed, by what it means for trying again.
 *
 * @param sentence for logs and for {@link LogUnavailable}; begins with Redis' own word if it has
 *     one
 */
record RedisFailure(Meaning meaning, String sentence, Throwable cause) {

  enum Meaning {
    /** It was not carried out, and soon may be. */
    LATER,
    /** It was not carried out, because this is not the primary, or not that of our slot. */
    ELSEWHERE,
    /** Nobody knows whether it was carried out. */
    UNKNOWN,
    /** It was not carried out, and won't be: somebody has to help Redis first, or us. */
    REFUSED
  }

  /** A script was stopped in the middle: it emptied a key and made it anew while the slot moved. */
  private static final String SLOT_ON_THE_MOVE = "attempted to access a non local key";

  static RedisFailure of(Throwable failure) {
    Throwable cause = unwrapped(failure);
    return switch (cause) {
      case NotConnectedException e -> new RedisFailure(Meaning.LATER, sentence(e), e);
      case RedisException e when neverSent(e) -> new RedisFailure(Meaning.LATER, sentence(e), e);
      case RedisCommandExecutionException e -> {
        String sentence = sentence(e);
        yield new RedisFailure(
            sentence.contains(SLOT_ON_THE_MOVE) ? Meaning.UNKNOWN : meaning(word(sentence)),
            sentence,
            e);
      }
      // A reply that we can't read is ours to mend; to ask again would change nothing.
      case IllegalStateException e -> new RedisFailure(Meaning.REFUSED, sentence(e), e);
      case IllegalArgumentException e -> new RedisFailure(Meaning.REFUSED, sentence(e), e);
      case WrongRedis e -> new RedisFailure(Meaning.REFUSED, sentence(e), e);
      default -> new RedisFailure(Meaning.UNKNOWN, sentence(cause), cause);
    };
  }

  /** What it is counted under: Redis' own word if it has one, else ours. */
  String word() {
    return switch (cause) {
      case RedisCommandExecutionException e -> word(sentence);
      default ->
          switch (meaning) {
            case LATER -> "DISCONNECTED";
            case UNKNOWN -> "LOST";
            case ELSEWHERE, REFUSED -> "OTHER";
          };
    };
  }

  LogUnavailable asLogUnavailable() {
    return new LogUnavailable(sentence, cause);
  }

  private static Meaning meaning(String word) {
    return switch (word) {
      // ASK as well: of a slot that moves, some keys are here and some there, and we need them all.
      case "TRYAGAIN", "ASK", "LOADING", "BUSY", "NOSCRIPT" -> Meaning.LATER;
      case "READONLY", "MASTERDOWN", "MOVED", "CLUSTERDOWN" -> Meaning.ELSEWHERE;
      default -> Meaning.REFUSED;
    };
  }

  /** Lettuce has no type for it. */
  private static boolean neverSent(RedisException failure) {
    String message = String.valueOf(failure.getMessage());
    return message.startsWith("Currently not connected") || message.equals("Connection is closed");
  }

  private static String word(String sentence) {
    int end = sentence.indexOf(' ');
    return end < 0 ? sentence : sentence.substring(0, end);
  }

  /** Without the digest and line of a script, which Redis appends. */
  private static String sentence(Throwable failure) {
    String message = failure.getMessage();
    if (message == null) {
      return failure.getClass().getSimpleName();
    }
    int script = message.indexOf(" script: ");
    return script < 0 ? message : message.substring(0, script);
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Nothing was sent: there is no connection just now. */
  static final class NotConnectedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotConnectedException(String message) {
      super(message, null, false, false);
    }
  }
}
