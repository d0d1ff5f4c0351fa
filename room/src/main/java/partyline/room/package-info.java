/**
 * What both processes agree on: the nouns, the limits, the codec and the contract of the log.
 *
 * <p>Nothing in here knows of HTTP, Vert.x or Redis; {@code partyline.room.redis} is the edge that
 * keeps the contract on Redis.
 */
@NullMarked
package partyline.room;

import org.jspecify.annotations.NullMarked;
