/** The command line: one program that runs any part of a cluster, or all of it here. */
@NullMarked
package partyline.deploy;

import org.jspecify.annotations.NullMarked;
