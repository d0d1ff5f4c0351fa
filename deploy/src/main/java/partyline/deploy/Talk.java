package partyline.deploy;

import picocli.CommandLine.Option;

/** How much is said meanwhile. */
final class Talk {

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "Messages a second, over all rooms. Default: ${DEFAULT-VALUE}.")
  int rate;

  Talk(int rate) {
    this.rate = rate;
  }
}
