package partyline.deploy.torture;

/** A load that could not be run, with a sentence for a person that says what to do about it. */
public final class TortureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TortureException(String sentence) {
    super(sentence);
  }

  public TortureException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
