/** What this node says of who is here. */
@NullMarked
package partyline.gateway.presence;

import org.jspecify.annotations.NullMarked;
