/**
 * What a test is worth: one line of the protocol is broken at a time, and some test must notice.
 *
 * <pre>
 * MutationTest -> Mutant (a line, and what stands there instead) -> Experiment (a process of its own) -> Jury (runs tests)
 * </pre>
 */
@NullMarked
package partyline.deploy.mutation;

import org.jspecify.annotations.NullMarked;
