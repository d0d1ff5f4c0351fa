/**
 * A whole cluster on this machine, made of real processes: Redis, gateways and workers.
 *
 * <p>For {@code partyline up}, and for every test that kills, drains or freezes a part of it. All
 * of it lives in one data folder and ends with the process that started it.
 */
@NullMarked
package partyline.deploy.cluster;

import org.jspecify.annotations.NullMarked;
