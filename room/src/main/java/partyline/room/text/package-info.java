/**
 * What people wrote, made fit to be shown: Markdown to safe HTML, and the words a room does not
 * want.
 *
 * <p>Everything here is a pure function of a text that {@link partyline.room.MessageText} has
 * cleaned and bounded.
 */
@NullMarked
package partyline.room.text;

import org.jspecify.annotations.NullMarked;
