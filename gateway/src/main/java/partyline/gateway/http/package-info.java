/** HTTP in: routes, one small handler per resource, and the problems they answer with. */
@NullMarked
package partyline.gateway.http;

import org.jspecify.annotations.NullMarked;
