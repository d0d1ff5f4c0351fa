package partyline.deploy.torture;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.deploy.chaos.ChaosProxy;
import partyline.deploy.cluster.ClusterSecret;
import partyline.room.Limits;
import partyline.room.UserId;
import partyline.room.redis.RedisConfig;

/**
 * An operator's cluster: only what happens between it and its clients, and what a command of the
 * operator's does to it.
 */
final class StagingStage implements Stage {
  private final List<ChaosProxy> doors = new ArrayList<>();
  private final RedisConfig redis;
  private final ClusterSecret secret;
  private final Optional<String> faultCommand;

  /**
   * @param faultCommand run by the shell, with {@code PARTYLINE_FAULT} being {@code begin} or
   *     {@code end}; it kills a pod, say, and brings it back
   */
  StagingStage(
      List<URI> urls,
      RedisConfig redis,
      ClusterSecret secret,
      Optional<String> faultCommand,
      long seed)
      throws IOException {
    this.redis = redis;
    this.secret = secret;
    this.faultCommand = faultCommand;
    for (URI url : urls) {
      doors.add(ChaosProxy.before(url, seed));
    }
  }

  @Override
  public List<URI> nodes() {
    return doors.stream().map(ChaosProxy::url).toList();
  }

  @Override
  public RedisConfig redis() {
    return redis;
  }

  @Override
  public String token(String sub) {
    return secret.token(new UserId(sub), Optional.empty(), Limits.TOKEN_LIFE, Instant.now());
  }

  @Override
  public List<Fault> faults() {
    var faults = new ArrayList<>(ClientFaults.at(doors));
    faultCommand.ifPresent(command ->
        faults.add(
            new Fault(
                "operator: " + command,
                _ -> {
                  run(command, "begin");
                  return () -> run(command, "end");
                })));
    return faults;
  }

  private static void run(String command, String word) {
    var shell = new ProcessBuilder("sh", "-c", command).inheritIO();
    shell.environment().put("PARTYLINE_FAULT", word);
    try {
      int code = shell.start().waitFor();
      if (code != 0) {
        throw new TortureException("The fault command ended with exit code " + code + ".");
      }
    } catch (IOException e) {
      throw new TortureException("The fault command can't be run: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TortureException("Interrupted while the fault command ran.", e);
    }
  }

  @Override
  public void close() {
    doors.forEach(ChaosProxy::close);
  }
}
