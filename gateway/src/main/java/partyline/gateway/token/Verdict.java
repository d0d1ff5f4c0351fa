package partyline.gateway.token;

/** What a token turned out to be. */
public sealed interface Verdict {

  record Valid(Caller caller) implements Verdict {}

  /** It was good once. */
  record Expired() implements Verdict {}

  /** It is good, and would be for longer than a token may. */
  record TooLongLived() implements Verdict {}

  /**
   * It never was good.
   *
   * @param reason for the developer of the site; says nothing that helps to forge one
   */
  record Invalid(String reason) implements Verdict {}
}
