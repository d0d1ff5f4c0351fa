package partyline.room.chat;

/**
 * What the cluster's operator decided for all rooms.
 *
 * @param guests whether guests may read and post in rooms that nobody has set up
 */
public record Policy(Creation creation, boolean guests) {

  /** Who makes a room, by naming it or by being the first to say something in it. */
  public enum Creation {
    /** The site alone. */
    SERVICE,
    /** And whose token names the room. */
    CLAIMS,
    /** And everybody who could post there if it were. */
    MEMBERS
  }
}
