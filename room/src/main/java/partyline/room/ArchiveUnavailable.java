package partyline.room;

/** The archive can't be asked just now, is too slow, or there is none. Ask again in a moment. */
public final class ArchiveUnavailable extends RuntimeException {

  private static final long serialVersionUID = 1;

  public ArchiveUnavailable(String message, Throwable cause) {
    super(message, cause);
  }

  public ArchiveUnavailable(String message) {
    super(message);
  }
}
