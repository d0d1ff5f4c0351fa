package partyline.deploy;

import picocli.CommandLine.Option;

/** Who listens while a command does something to a cluster. */
final class Audience {

  @Option(
      names = "--clients",
      paramLabel = "N",
      description =
          "Who listen, by streams and polls. One process holds them, whose files are limited: 18000"
              + " at most. Default: ${DEFAULT-VALUE}.")
  int clients;

  @Option(
      names = "--rooms",
      paramLabel = "N",
      description = "Over how many rooms they are spread. Default: ${DEFAULT-VALUE}.")
  int rooms;

  Audience(int clients, int rooms) {
    this.clients = clients;
    this.rooms = rooms;
  }
}
