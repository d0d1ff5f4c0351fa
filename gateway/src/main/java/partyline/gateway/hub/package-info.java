/** Per event loop, which connections listen to which room, and what they can still be sent. */
@NullMarked
package partyline.gateway.hub;

import org.jspecify.annotations.NullMarked;
