/**
 * Faults by a seed, under load, and the judge in the end.
 *
 * <pre>
 * Torture (clients, publisher, judge) -> Stage, which has faults: LocalStage, all of them
 *                                                                 StagingStage, those of the clients' side
 * </pre>
 */
@NullMarked
package partyline.deploy.torture;

import org.jspecify.annotations.NullMarked;
