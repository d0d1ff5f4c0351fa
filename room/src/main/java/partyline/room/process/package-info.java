/**
 * Child processes that end with their parent, whatever ended the parent.
 *
 * <p>The local cluster and the fault tests start real servers. A server that outlives a killed
 * parent keeps its port and its data folder, and the next start meets it there; so every child is
 * started under a watch that needs no cooperation of the dying parent ({@link
 * partyline.room.process.ChildProcess} tells how). POSIX only.
 */
@NullMarked
package partyline.room.process;

import org.jspecify.annotations.NullMarked;
