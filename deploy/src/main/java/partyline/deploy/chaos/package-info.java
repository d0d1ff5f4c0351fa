/** What bad networks do to connections, on purpose and again: for tests, and for torture. */
@NullMarked
package partyline.deploy.chaos;

import org.jspecify.annotations.NullMarked;
