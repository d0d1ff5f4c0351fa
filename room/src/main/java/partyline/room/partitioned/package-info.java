/**
 * What is kept in several partitions, as if it were kept in one: each call goes to where the room
 * or the person is. With a single partition nothing of this is used.
 *
 * <p>What no longer is one step, because a room is here and a person there:
 *
 * <ul>
 *   <li><b>A ban from the whole site</b> is with the person. Before an append it is read there; one
 *       that falls between that and the append lets this one event through. The door closes by
 *       itself: every node hears of the ban over the person's control channel, and asks for it
 *       every two seconds.
 *   <li><b>The list of a person's rooms</b> follows the room: the worker writes it, together with
 *       the notice in the inbox, in the order of the room's events, once each. Until then, a
 *       fraction of a second, the list is old. Rooms have the last word, so nothing is shown by it
 *       that may not be.
 *   <li><b>What is counted of a person</b> (posts in a second, rooms created, reports in an hour)
 *       is counted where the room is: at worst a bound holds once a partition.
 * </ul>
 */
@NullMarked
package partyline.room.partitioned;

import org.jspecify.annotations.NullMarked;
