/** What `partyline doctor` looks at, beside what the room's own Redis edge knows of Redis. */
@NullMarked
package partyline.deploy.doctor;

import org.jspecify.annotations.NullMarked;
