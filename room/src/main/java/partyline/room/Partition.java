package partyline.room;

/**
 * One total order: one log, one feed, one slot of a cluster.
 *
 * @param index from 0
 * @param tag the hash tag that all its keys and channels carry, without braces
 */
public record Partition(int index, String tag) {}
