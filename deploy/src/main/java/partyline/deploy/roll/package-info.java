/** Gateways are restarted one after the other under load, and what their clients feel of it. */
@NullMarked
package partyline.deploy.roll;

import org.jspecify.annotations.NullMarked;
