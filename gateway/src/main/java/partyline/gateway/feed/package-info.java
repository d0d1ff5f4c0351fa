/** A gateway's live view of the log: what Redis signals, proved complete or caught up. */
@NullMarked
package partyline.gateway.feed;

import org.jspecify.annotations.NullMarked;
