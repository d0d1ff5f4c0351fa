package partyline.deploy.herd;

import partyline.room.Partitions;

/**
 * Who comes back, and how far behind.
 *
 * @param clients who come at once, each to one room with a cursor of its own
 * @param partitions into how many the cluster divides its rooms
 * @param rooms over which they are spread
 * @param behind events that each has missed, at least
 * @param redisApart whether Redis has a processor that nobody else uses
 */
public record HerdPlan(
    int clients,
    int gateways,
    int workers,
    Partitions partitions,
    int rooms,
    int behind,
    boolean redisApart) {

  /** Cursors of a room differ by this much, so that few reads are alike. */
  static final int SPREAD = 5;

  int messages() {
    return rooms * (behind + SPREAD);
  }
}
