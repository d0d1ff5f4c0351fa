package partyline.deploy.roll;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.cluster.Node;
import partyline.deploy.load.LoadPlan;
import partyline.room.Limits;

/**
 * A rolling restart.
 *
 * @param rate messages a second, over all rooms
 * @param propagation of the drain, see PARTYLINE_DRAIN_PROPAGATION_SECONDS
 * @param window of the drain, see PARTYLINE_DRAIN_WINDOW_SECONDS
 * @param between how long a gateway has to serve before the next one goes: the minReadySeconds of a
 *     Deployment
 * @param settle how long after that of the last one the streams may take to be even
 */
public record RollPlan(
    int gateways,
    int workers,
    int streams,
    int rooms,
    int rate,
    Duration propagation,
    Duration window,
    Duration between,
    Duration settle) {

  /** Of the fullest gateway by the average. */
  static final double IMBALANCE_MAX = 1.2;

  /** Until one that was restarted is ready, if need be. */
  private static final Duration START = Duration.ofSeconds(60);

  private static final int CONNECTS_PER_SECOND = 1_000;
  private static final int PAYLOAD_BYTES = 100;

  /** With the drain that gateways have when nothing is set, as the manifests have it. */
  public static RollPlan asInProduction(
      int gateways, int workers, int streams, int rooms, int rate) {
    return new RollPlan(
        gateways,
        workers,
        streams,
        rooms,
        rate,
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofMinutes(3));
  }

  /** How long it may take at most, from when all are connected until their streams are even. */
  private Duration time() {
    return propagation
        .plus(window)
        .plus(Limits.DRAIN_LEAVE)
        .plus(START)
        .plus(between)
        .multipliedBy(gateways)
        .plus(between)
        .plus(settle);
  }

  /** Whether all serve, and none has many more streams than the others. */
  boolean isEven(Moment moment) {
    return moment.nodes().size() == gateways && moment.imbalance(gateways) <= IMBALANCE_MAX;
  }

  LoadPlan load(LocalCluster cluster) {
    List<URI> probes =
        cluster.gateways().stream().map(Node::opsUrl).map(ops -> ops.resolve("/ready")).toList();
    return new LoadPlan(
        cluster.urls(),
        streams,
        rooms,
        rate,
        0,
        (int) time().toSeconds(),
        LoadPlan.Transport.SSE,
        CONNECTS_PER_SECOND,
        PAYLOAD_BYTES,
        Math.ceilDiv(streams, LoadPlan.STREAMS_PER_PROCESS_USUALLY),
        new LoadPlan.Identity(cluster.data().toString(), null, false),
        probes);
  }
}
