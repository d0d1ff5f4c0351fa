package partyline.deploy.torture;

import java.time.Duration;

/**
 * How much.
 *
 * @param seed what strikes when, where and for how long
 * @param clients who listen; most by streams, some by polls, a few change between them
 */
public record TorturePlan(
    long seed, Duration lasts, int clients, int rooms, int messagesPerSecond) {}
