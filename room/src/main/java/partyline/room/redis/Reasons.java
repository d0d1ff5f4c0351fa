package partyline.room.redis;

/** What lies at the bottom of a failure, in a sentence. */
final class Reasons {

  private Reasons() {}

  /** The message of the innermost cause, which is the one that says what happened. */
  static String of(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause.getCause() != null && depth < 10; depth++) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
