/**
 * The thread a hub or feed lives on, its clock and its timers, as things that are handed in.
 *
 * <p>Production runs them on Vert.x event loops; tests turn a loop and its clock by hand.
 */
@NullMarked
package partyline.gateway.loop;

import org.jspecify.annotations.NullMarked;
