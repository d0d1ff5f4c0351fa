package partyline.deploy.check.client;

/** What a server sent breaks the protocol; the message says how, in a sentence. */
final class ProtocolFault extends Exception {
  private static final long serialVersionUID = 1;

  ProtocolFault(String message) {
    super(message);
  }

  ProtocolFault(String message, Throwable cause) {
    super(message, cause);
  }
}
