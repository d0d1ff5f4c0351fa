/**
 * Clients that feed the judge: listeners over streams and polls, and publishers.
 *
 * <p>They are strict where real clients are lenient, so that what breaks somebody else's client
 * breaks a test here first. Each runs on virtual threads over plain sockets: nothing between them
 * and the wire retries, pools or repairs anything behind their back.
 */
@NullMarked
package partyline.deploy.check.client;

import org.jspecify.annotations.NullMarked;
