package partyline.deploy.soak;

/** A soak that could not go on, with a sentence for a person that says why. */
public final class SoakException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SoakException(String sentence) {
    super(sentence);
  }
}
