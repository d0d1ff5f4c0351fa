package partyline.deploy;

import java.util.concurrent.Callable;
import partyline.worker.Worker;
import picocli.CommandLine.Command;

/** One worker in this process, told by its environment as in production. */
@Command(
    name = "worker",
    description = {
      "Run one worker in this process.",
      "",
      "It reads its settings (REDIS_URL, PARTYLINE_OPS_LISTEN and the others of the README's"
          + " table) from the environment, logs to standard error, prints one line"
          + " `ready <url> <ops url>` when it works, and hands its jobs over on SIGTERM."
    })
final class WorkerCommand implements Callable<Integer> {
  @Override
  public Integer call() throws Exception {
    var _ = LogFormat.of(System.getenv());
    Worker.main();
    return 0;
  }
}
