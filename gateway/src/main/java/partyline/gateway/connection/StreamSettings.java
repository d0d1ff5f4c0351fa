package partyline.gateway.connection;

/**
 * What all streams of a node have in common.
 *
 * @param node the name told in {@code hello}
 * @param heartbeatMillis how often a comment goes out, ± 10 %
 * @param maxAgeMillis how long a stream lives, ± 20 %
 * @param cleanEnd whether bodies end as HTTP means it, for proxies that count resets as outliers
 */
public record StreamSettings(
    String node, long heartbeatMillis, long maxAgeMillis, boolean cleanEnd) {}
