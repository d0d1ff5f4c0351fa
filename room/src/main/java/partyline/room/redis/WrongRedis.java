package partyline.room.redis;

/** This Redis answers, and no waiting will make it one that we can work with. */
public final class WrongRedis extends RuntimeException {

  private static final long serialVersionUID = 1;

  /**
   * @param message a sentence that says what to do about it
   */
  public WrongRedis(String message) {
    super(message);
  }
}
