/** How a webhook is called: whom it may reach, what signs it, and what an answer means. */
@NullMarked
package partyline.worker.webhook;

import org.jspecify.annotations.NullMarked;
