package partyline.room.redis.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** How a {@link LocalRedis} shall be. Without a word: a fresh temp folder, a free port, AOF. */
public final class LocalRedisBuilder {
  final RedisBinary binary;
  final List<String> config = new ArrayList<>();
  final List<String> arguments = new ArrayList<>();
  @Nullable Path directory;
  @Nullable String password;
  int port;
  int primaryPort;
  boolean appendOnly = true;

  /** Where free ports come from; a test answers with one that is taken meanwhile. */
  IntSupplier freePorts = LocalRedis::freePort;

  /** How long to wait for the server of an earlier run to leave the folder. */
  Duration predecessorPatience = LocalRedis.ORPHAN_GRACE.plusSeconds(2);

  LocalRedisBuilder(RedisBinary binary) {
    this.binary = binary;
  }

  /** Where its data, config and log lie; made if missing, kept at close. Default: a temp folder. */
  public LocalRedisBuilder directory(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
    return this;
  }

  /** This port or none; 0, the default, is any free one. */
  public LocalRedisBuilder port(int port) {
    this.port = port;
    return this;
  }

  /** Whether it keeps an append-only file, fsynced every second; otherwise a restart is empty. */
  public LocalRedisBuilder appendOnly(boolean appendOnly) {
    this.appendOnly = appendOnly;
    return this;
  }

  /** Asked of every client, and shown to its primary. Default: none. */
  public LocalRedisBuilder password(String password) {
    this.password = password;
    return this;
  }

  /** Follows the Redis on that port of this machine. */
  public LocalRedisBuilder replicaOf(int primaryPort) {
    this.primaryPort = primaryPort;
    return this;
  }

  /** Lines of redis.conf, after ours, so that they win. */
  public LocalRedisBuilder config(String... lines) {
    config.addAll(List.of(lines));
    return this;
  }

  /** Arguments of the program after the config file, such as {@code --sentinel}. */
  public LocalRedisBuilder arguments(String... arguments) {
    this.arguments.addAll(List.of(arguments));
    return this;
  }

  /**
   * Starts it and returns when it serves commands.
   *
   * @throws LocalRedisException if it does not, quoting the last lines of its log
   */
  public LocalRedis start() {
    return LocalRedis.start(this);
  }

  /** The whole redis.conf. */
  List<String> conf(Path directory, int port) {
    var lines = new ArrayList<String>();
    lines.add("bind 127.0.0.1");
    lines.add("port " + port);
    lines.add("daemonize no");
    lines.add("dir " + quoted(directory.toString()));
    lines.add("pidfile " + quoted(directory.resolve(LocalRedis.PID_FILE).toString()));
    // The append-only file is the one thing that survives; a snapshot beside it costs a fork.
    lines.add("save \"\"");
    lines.add("appendonly " + (appendOnly ? "yes" : "no"));
    lines.add("appendfsync everysec");
    // An evicted log would be lost messages; a refused write is an honest error.
    lines.add("maxmemory-policy noeviction");
    // A room of one message: 1.25 KB instead of 4.3 KB.
    lines.add("stream-node-max-bytes 1024");
    // Redis waits 5 s for more replicas to come; here each comes alone.
    lines.add("repl-diskless-sync-delay 0");
    if (password != null) {
      lines.add("requirepass " + quoted(password));
      lines.add("masterauth " + quoted(password));
    }
    if (primaryPort != 0) {
      lines.add("replicaof 127.0.0.1 " + primaryPort);
    }
    lines.addAll(config);
    return lines;
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
