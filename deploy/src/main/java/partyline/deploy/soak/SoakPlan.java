package partyline.deploy.soak;

import java.time.Duration;

/**
 * How long, and under what load.
 *
 * @param shift after so long all clients leave, others come, and everything is looked at
 */
public record SoakPlan(
    Duration lasts,
    Duration shift,
    int gateways,
    int workers,
    int clients,
    int rooms,
    int messagesPerSecond) {}
