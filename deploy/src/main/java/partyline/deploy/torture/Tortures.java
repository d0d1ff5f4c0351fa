package partyline.deploy.torture;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import partyline.deploy.cluster.ClusterSecret;
import partyline.room.redis.RedisConfig;

/** A plan, to be carried out on a cluster of our own or on somebody's. */
public final class Tortures {
  private final TorturePlan plan;
  private final Consumer<String> says;

  /**
   * @param says hears what happens, line by line
   */
  public Tortures(TorturePlan plan, Consumer<String> says) {
    this.plan = plan;
    this.says = says;
  }

  /** On this machine; nothing is left of it but the report, unless a promise was broken. */
  public TortureReport ofOurOwn(int gateways, int workers)
      throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("partyline-torture-");
    TortureReport report;
    try (var stage = new LocalStage(data, gateways, workers, plan)) {
      report = new Torture(plan, stage, says).run();
    }
    if (report.isClean()) {
      delete(data);
    } else {
      says.accept("logs and data are left in " + data);
    }
    return report;
  }

  /**
   * On a cluster that runs already.
   *
   * @param data the folder with its secret
   */
  public TortureReport of(
      List<URI> urls, String redis, String keyPrefix, Path data, Optional<String> faultCommand)
      throws IOException, InterruptedException {
    ClusterSecret secret =
        ClusterSecret.find(data)
            .orElseThrow(() ->
                new TortureException(
                    "There is no secret in " + data + ": put the cluster's there, as `secret`."));
    var config = RedisConfig.parse(redis, keyPrefix);
    try (var stage = new StagingStage(urls, config, secret, faultCommand, plan.seed())) {
      return new Torture(plan, stage, says).run();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
