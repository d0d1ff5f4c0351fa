package partyline.deploy.load;

/** A load that could not be run, with a sentence for a person that says what to do about it. */
public final class LoadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LoadException(String sentence) {
    super(sentence);
  }

  public LoadException(String sentence, Throwable cause) {
    super(sentence, cause);
  }
}
