package partyline.deploy;

import java.util.concurrent.Callable;
import partyline.gateway.Gateway;
import picocli.CommandLine.Command;

/** One gateway in this process, told by its environment as in production. */
@Command(
    name = "gateway",
    description = {
      "Run one gateway in this process.",
      "",
      "It reads its settings (REDIS_URL, PARTYLINE_LISTEN, PARTYLINE_SECRET_FILE and the others of"
          + " the README's table) from the environment, logs to standard error, prints one line"
          + " `ready <url> <ops url>` when it serves, and drains on SIGTERM."
    })
final class GatewayCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    var _ = LogFormat.of(System.getenv());
    Gateway.main(new String[0]);
    return 0;
  }
}
