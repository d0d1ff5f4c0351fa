/** Holds what nodes really say against {@code openapi.yaml}, the contract of the HTTP API. */
@NullMarked
package partyline.gateway.contract;

import org.jspecify.annotations.NullMarked;
