/**
 * The rules of the chat: who may do what, and what it makes of a room.
 *
 * <p>{@link partyline.room.chat.Rules} decides a {@link partyline.room.chat.Command} on a view of
 * the room, purely: no clock, no log, no chance. {@link partyline.room.chat.Commands} makes the
 * decision hold: it appends only if what the decision read is still so, else decides again.
 */
@NullMarked
package partyline.room.chat;

import org.jspecify.annotations.NullMarked;
