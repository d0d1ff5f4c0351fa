package partyline.deploy;

import picocli.CommandLine.Option;

/**
 * How large the cluster is that a command starts for itself; each command has numbers of its own.
 */
final class OwnCluster {

  @Option(
      names = "--gateways",
      paramLabel = "N",
      description = "Of the cluster of its own. Default: ${DEFAULT-VALUE}.")
  int gateways;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Of the cluster of its own. Default: ${DEFAULT-VALUE}.")
  int workers;

  OwnCluster(int gateways, int workers) {
    this.gateways = gateways;
    this.workers = workers;
  }
}
