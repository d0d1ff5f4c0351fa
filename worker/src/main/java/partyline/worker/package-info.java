/** The process that runs jobs over the log, each with a cursor of its own. */
@NullMarked
package partyline.worker;

import org.jspecify.annotations.NullMarked;
