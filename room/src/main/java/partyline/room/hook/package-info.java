/** What goes out to other people's servers, and what comes in from them. */
@NullMarked
package partyline.room.hook;

import org.jspecify.annotations.NullMarked;
