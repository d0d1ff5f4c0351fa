/**
 * The one judge of every fault test: what publishers did, what clients were told and what the log
 * holds go in, a verdict comes out.
 *
 * <p>{@link partyline.deploy.check.Recorder} writes down what happens while a cluster is under
 * load, {@link partyline.deploy.check.Truth} reads the log afterwards, {@link
 * partyline.deploy.check.Checker} compares. Nothing here touches a network but {@code Truth}, and
 * that only through the log's contract.
 */
@NullMarked
package partyline.deploy.check;

import org.jspecify.annotations.NullMarked;
