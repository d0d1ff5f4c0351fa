/** The process that holds the streams: its wiring, its settings and its drain. */
@NullMarked
package partyline.gateway;

import org.jspecify.annotations.NullMarked;
