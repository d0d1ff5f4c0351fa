/** Signed tokens: who somebody is, said by the site or, for guests, by the cluster itself. */
@NullMarked
package partyline.gateway.token;

import org.jspecify.annotations.NullMarked;
