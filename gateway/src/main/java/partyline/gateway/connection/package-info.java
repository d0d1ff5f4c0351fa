/** Events out: one client's stream or poll as a sink for frames that ends with a reason. */
@NullMarked
package partyline.gateway.connection;

import org.jspecify.annotations.NullMarked;
