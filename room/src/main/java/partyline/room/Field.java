package partyline.room;

/** One field of what is kept beside the log. */
public record Field(Place place, String name) {

  private static final Place STATE = new Place.State();
  private static final Place AMENDED = new Place.Amended();
  private static final Place READ = new Place.Read();
  private static final Place LOG = new Place.Log();

  /** Of the room. */
  public static Field state(String name) {
    return new Field(STATE, name);
  }

  /** What a message of the room was amended to; see {@link Message#amendment}. */
  public static Field amended(EventId message) {
    return new Field(AMENDED, message.toString());
  }

  /** How far somebody has read in the room: a {@link ReadMarkers.Marker}. */
  public static Field read(UserId user) {
    return new Field(READ, user.value());
  }

  /**
   * Under which Redis the log is written: another text after every restart and failover. Who
   * expects it as it was read writes nothing of what was lost since.
   */
  public static Field replication() {
    return new Field(LOG, "replid");
  }

  public static Field person(UserId user, String name) {
    return new Field(new Place.Person(user), name);
  }

  /** A count. */
  public static Field tally(UserId user, String name) {
    return new Field(new Place.Tally(user), name);
  }
}
