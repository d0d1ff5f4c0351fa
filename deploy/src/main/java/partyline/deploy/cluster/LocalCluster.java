package partyline.deploy.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.room.UserId;
import partyline.room.archive.local.LocalPostgres;
import partyline.room.archive.local.LocalPostgresException;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.LocalRedisException;
import partyline.room.redis.local.RedisBinary;

/**
 * Redis, gateways and workers on this machine, each a child process that ends with this one.
 *
 * <pre>{@code
 * try (var cluster = LocalCluster.in(folder).gateways(2).workers(1).start()) {
 *   cluster.gateway(1).kill();
 *   cluster.gateway(1).restart();
 * }
 * }</pre>
 *
 * Nothing is started again by itself. Everything listens on 127.0.0.1 only. All methods may be
 * called from any thread.
 */
public final class LocalCluster implements AutoCloseable {
  private final DataFolder data;
  private final ClusterSecret secret;
  private final @Nullable LocalRedis redis;
  private final @Nullable LocalPostgres archive;
  private final String redisUri;
  private final List<Node> gateways;
  private final List<Node> workers;

  /** A cluster to be described and then started, whose data, secret and logs lie in this folder. */
  public static LocalClusterBuilder in(Path data) {
    return new LocalClusterBuilder(data);
  }

  /**
   * So many gateways and workers, {@link LocalClusterBuilder#apart apart}; all else as {@link #in}
   * has it.
   */
  public static LocalCluster start(Path data, int gateways, int workers) {
    return in(data).gateways(gateways).workers(workers).apart().start();
  }

  static LocalCluster start(LocalClusterBuilder plan) {
    var data = DataFolder.open(plan.data);
    LocalRedis redis = null;
    LocalPostgres archive = null;
    List<Node> gateways = List.of();
    List<Node> workers = List.of();
    try {
      var secret = data.secret();
      data.awaitPredecessors(plan.grace());
      String redisUri = plan.redisUri;
      if (redisUri == null) {
        redis = LocalRedis.of(RedisBinary.find()).directory(data.redis()).start();
        redisUri = redis.uri();
      }
      if (plan.archive) {
        archive = LocalPostgres.in(data.archive());
        plan.setting("ARCHIVE_URL", archive.url());
      }
      Node.Shared shared = plan.shared(data, secret, redisUri);
      gateways = plan.gateways(shared);
      workers = plan.workers(shared);
      startAll(gateways, workers);
      return new LocalCluster(data, secret, redis, archive, redisUri, gateways, workers);
    } catch (LocalRedisException | LocalPostgresException e) {
      stop(data, redis, archive, gateways, workers);
      throw new ClusterException(String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      stop(data, redis, archive, gateways, workers);
      throw e;
    }
  }

  private LocalCluster(
      DataFolder data,
      ClusterSecret secret,
      @Nullable LocalRedis redis,
      @Nullable LocalPostgres archive,
      String redisUri,
      List<Node> gateways,
      List<Node> workers) {
    this.data = data;
    this.secret = secret;
    this.redis = redis;
    this.archive = archive;
    this.redisUri = redisUri;
    this.gateways = gateways;
    this.workers = workers;
  }

  /** The gateway of that number, counted from 1 as in its name, {@code gateway-1}. */
  public Node gateway(int number) {
    return gateways.get(number - 1);
  }

  public List<Node> gateways() {
    return gateways;
  }

  /** The worker of that number, counted from 1 as in its name, {@code worker-1}. */
  public Node worker(int number) {
    return workers.get(number - 1);
  }

  public List<Node> workers() {
    return workers;
  }

  /** Where the gateways serve people, {@code http://localhost:8080} and so on. */
  public List<URI> urls() {
    return gateways.stream().map(Node::url).toList();
  }

  /** The Redis that was started for this cluster; empty if it was given one. */
  public Optional<LocalRedis> redis() {
    return Optional.ofNullable(redis);
  }

  /** The PostgreSQL that was started for this cluster; empty if none was asked for. */
  public Optional<LocalPostgres> archive() {
    return Optional.ofNullable(archive);
  }

  public String redisUri() {
    return redisUri;
  }

  public ClusterSecret secret() {
    return secret;
  }

  /** A token that is valid for an hour from now, of somebody of that name. */
  public String token(String sub) {
    return secret.token(new UserId(sub), Optional.empty(), Duration.ofHours(1), Instant.now());
  }

  public Path data() {
    return data.path();
  }

  /**
   * Ends everything in order: the gateways drain, all at once; then the workers; then the Redis and
   * the PostgreSQL that were started for this cluster. Harmless if repeated.
   */
  @Override
  public void close() {
    stop(data, redis, archive, gateways, workers);
  }

  /** All at once: one after the other would take as long as their sum. */
  private static void startAll(List<Node> gateways, List<Node> workers) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var starting = new ExecutorCompletionService<@Nullable Void>(threads);
      List<Node> nodes = Stream.concat(gateways.stream(), workers.stream()).toList();
      nodes.forEach(node -> starting.submit(node::start, null));
      try {
        for (int i = 0; i < nodes.size(); i++) {
          starting.take().get();
        }
      } catch (ExecutionException e) {
        threads.shutdownNow();
        throw e.getCause() instanceof ClusterException cause
            ? cause
            : new ClusterException("A node cannot be started: " + e.getCause(), e);
      } catch (InterruptedException e) {
        threads.shutdownNow();
        Thread.currentThread().interrupt();
        throw new ClusterException("Interrupted while the nodes were starting.", e);
      }
    }
  }

  private static void stop(
      DataFolder data,
      @Nullable LocalRedis redis,
      @Nullable LocalPostgres archive,
      List<Node> gateways,
      List<Node> workers) {
    try {
      for (List<Node> alike : List.of(gateways, workers)) {
        alike.forEach(Node::askToEnd);
        alike.forEach(Node::close);
      }
    } finally {
      if (redis != null) {
        redis.close();
      }
      if (archive != null) {
        archive.close();
      }
      data.close();
    }
  }
}
