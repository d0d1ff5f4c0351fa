package partyline.gateway.http;

import partyline.gateway.token.Caller;

/** As whom a request came in. */
public sealed interface Access {

  record Known(Caller caller) implements Access {}

  /** No token was sent, and open rooms can be read without one. */
  record Anonymous() implements Access {}

  record Refused(Problem problem) implements Access {}

  /** Nobody answers for it: a guest, or somebody anonymous. */
  default boolean isNameless() {
    return !(this instanceof Known known) || known.caller().id().isGuest();
  }
}
