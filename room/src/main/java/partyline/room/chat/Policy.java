package partyline.room.chat;

import partyline.room.Limits;

/**
 * What the cluster's operator decided for all rooms.
 *
 * @param guests whether guests may read and post in rooms that nobody has set up
 * @param serviceWritesPerSecond of one sender with the role service, over all rooms and nodes
 */
public record Policy(Creation creation, boolean guests, int serviceWritesPerSecond) {

  public Policy(Creation creation, boolean guests) {
    this(creation, guests, Limits.SERVICE_WRITES_PER_SECOND);
  }

  /** How much one sender may write, over all rooms and nodes. */
  public int writesPerSecond(boolean service) {
    return service ? serviceWritesPerSecond : Limits.WRITES_PER_SECOND;
  }

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
