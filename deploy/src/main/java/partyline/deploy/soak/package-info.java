/**
 * A cluster under load for hours, and whether anything of it grows.
 *
 * <pre>
 * Soak (shift after shift) -> Shift (clients, publisher, judge)
 *                          -> Gauges (what a process holds) -> Growth (whether that grows)
 * </pre>
 */
@NullMarked
package partyline.deploy.soak;

import org.jspecify.annotations.NullMarked;
