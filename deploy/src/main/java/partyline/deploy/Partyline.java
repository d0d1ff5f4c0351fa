package partyline.deploy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import partyline.deploy.cluster.ClusterException;
import partyline.deploy.load.LoadException;
import partyline.deploy.soak.SoakException;
import partyline.deploy.torture.TortureException;
import partyline.room.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;

/** The command line: a whole cluster with {@code up}, and each part of one by itself. */
@Command(
    name = "partyline",
    synopsisSubcommandLabel = "COMMAND",
    description = "Chat over plain HTTP: a whole cluster on this machine, or one part of it.",
    subcommands = {
      UpCommand.class,
      GatewayCommand.class,
      WorkerCommand.class,
      TokenCommand.class,
      DoctorCommand.class,
      TailCommand.class,
      LoadCommand.class,
      TortureCommand.class,
      HerdCommand.class,
      RollCommand.class,
      SoakCommand.class,
      RehearseCommand.class
    },
    footer = {
      "",
      "Begin with `partyline up` and open the page it prints.",
      "`partyline COMMAND --help` tells more of one."
    })
public final class Partyline {
  /** Does not exit by itself after success: a gateway or worker lives on in threads of its own. */
  public static void main(String[] args) {
    int code = commandLine().execute(args);
    if (code != 0) {
      System.exit(code);
    }
  }

  static CommandLine commandLine() {
    var line =
        new CommandLine(new Partyline())
            .registerConverter(Duration.class, TokenCommand::duration)
            .registerConverter(RoomClaim.class, RoomClaim::parse)
            .setUsageHelpAutoWidth(true);
    line.getCommandSpec()
        .addOption(
            OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .scopeType(ScopeType.INHERIT)
                .description("Say this and do nothing.")
                .build());
    line.setParameterExceptionHandler((wrong, _) -> {
      var command = wrong.getCommandLine();
      command.getErr().println(wrong.getMessage());
      CommandLine.UnmatchedArgumentException.printSuggestions(wrong, command.getErr());
      String name = command.getCommandSpec().qualifiedName();
      command.getErr().println("`" + name + " --help` tells what there is.");
      return command.getCommandSpec().exitCodeOnInvalidInput();
    });
    line.setExecutionExceptionHandler((failure, command, _) -> {
      // Written for a person, who has no use for a stack trace.
      if (failure instanceof ClusterException
          || failure instanceof LoadException
          || failure instanceof TortureException
          || failure instanceof SoakException
          || failure instanceof Settings.Wrong) {
        command.getErr().println(failure.getMessage());
        return command.getCommandSpec().exitCodeOnExecutionException();
      }
      throw failure;
    });
    return line;
  }

  /** What a gateway's JVM has learned, where it was kept; see {@link RehearseCommand}. */
  static Optional<Path> learned() {
    return Optional.ofNullable(System.getProperty("partyline.learned"))
        .map(Path::of)
        .filter(Files::exists);
  }

  /** {@code .partyline} of the checkout, from wherever the launcher was called. */
  static Path usualData() {
    return Path.of(System.getProperty("partyline.home", ""), ".partyline");
  }
}
