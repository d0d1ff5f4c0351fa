package partyline.deploy;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What a command says while it works, line by line. */
@Command
final class Voice implements Consumer<String> {

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** Before the first logger: what there is to say is said in sentences, not in log lines. */
  static void insteadOfLogs() {
    System.setProperty("logback.configurationFile", "partyline/deploy/up-logback.xml");
  }

  @Override
  public void accept(String line) {
    PrintWriter out = requireNonNull(command).commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
