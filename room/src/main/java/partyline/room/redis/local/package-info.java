/**
 * A real Redis server of our own, on this machine: for {@code partyline up} and for every test that
 * needs one.
 *
 * <p>It is always a server we started, on a port that was free, with a folder of its own: never
 * whatever happens to listen on 6379, whose data is not ours to change.
 */
@NullMarked
package partyline.room.redis.local;

import org.jspecify.annotations.NullMarked;
