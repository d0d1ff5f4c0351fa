/** Everybody comes back at once, and what Redis feels of it. */
@NullMarked
package partyline.deploy.herd;

import org.jspecify.annotations.NullMarked;
