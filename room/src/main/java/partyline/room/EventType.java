package partyline.room;

/** The words for what can happen in a room. Clients ignore words they do not know. */
public final class EventType {

  /** Makes a message: the only type that is numbered and kept in the room's history. */
  public static final String MESSAGE_CREATED = "message.created";

  /** What events of the site's own begin with. */
  public static final String APP_PREFIX = "app.";

  /** Ephemeral: who is here has changed. */
  public static final String PRESENCE = "presence";

  /** Ephemeral: somebody is writing something. */
  public static final String TYPING = "typing";

  private EventType() {}
}
