package partyline.deploy.torture;

import java.time.Duration;
import partyline.room.Partitions;

/**
 * How much.
 *
 * @param seed what strikes when, where and for how long
 * @param partitions into how many the cluster divides its rooms
 * @param clients who listen; most by streams, some by polls, a few change between them
 */
public record TorturePlan(
    long seed,
    Duration lasts,
    Partitions partitions,
    int clients,
    int rooms,
    int messagesPerSecond) {}
