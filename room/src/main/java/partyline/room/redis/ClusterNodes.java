package partyline.room.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a cluster, as far as they are known: those that were configured, and those that they
 * named. Any of them can be asked who holds a slot.
 *
 * <p>Some are asked at once and the first answer counts: of a cluster that lost a node one must not
 * wait for that. An answer may be old, or come from a node that the others have left behind; so who
 * connects asks the holder too ({@link TagConnections}), and if it is none, next time others are
 * asked.
 *
 * <p>Thread-safe.
 */
final class ClusterNodes {

  private static final int ASKED_AT_ONCE = 3;
  private static final int NODES_KEPT = 256;

  private final List<RedisURI> configured;
  private final RedisClient client;
  private final AtomicInteger turn = new AtomicInteger();

  private volatile List<RedisURI> known;

  ClusterNodes(RedisConfig config, RedisClient client) {
    this.configured = config.cluster();
    this.known = configured;
    this.client = client;
  }

  Whereabouts holderOf(int slot) {
    return () -> ask(slot);
  }

  private CompletionStage<RedisURI> ask(int slot) {
    List<RedisURI> nodes = known;
    int asked = Math.min(ASKED_AT_ONCE, nodes.size());
    int first = turn.getAndAdd(asked);
    var holder = new CompletableFuture<RedisURI>();
    var silent = new AtomicInteger(asked);
    for (int i = 0; i < asked; i++) {
      RedisURI node = nodes.get(Math.floorMod(first + i, nodes.size()));
      slots(node)
          .thenApply(slots -> holder(slots, slot, node))
          .whenComplete((answer, failure) -> {
            if (failure == null) {
              holder.complete(answer);
            } else if (silent.decrementAndGet() == 0) {
              holder.completeExceptionally(failure);
            }
          });
    }
    return holder;
  }

  private CompletionStage<List<Object>> slots(RedisURI node) {
    return TagConnections.plain(client.connectAsync(StringCodec.UTF8, node))
        .thenCompose(this::slots);
  }

  private CompletionStage<List<Object>> slots(StatefulRedisConnection<String, String> connection) {
    return connection
        .async()
        .clusterSlots()
        .toCompletableFuture()
        .orTimeout(RedisClients.ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((slots, failure) -> {
          CompletableFuture<Void> _ = connection.closeAsync();
        });
  }

  /**
   * Reads a reply to CLUSTER SLOTS: a list of first and last slot, primary, replicas, each of these
   * a list that begins with host and port.
   */
  private RedisURI holder(List<Object> ranges, int slot, RedisURI asked) {
    Map<String, RedisURI> nodes = new LinkedHashMap<>();
    RedisURI holder = null;
    for (Object each : ranges) {
      var range = (List<?>) each;
      boolean ours = number(range.get(0)) <= slot && slot <= number(range.get(1));
      for (int i = 2; i < range.size(); i++) {
        RedisURI node = node((List<?>) range.get(i), asked);
        if (node != null) {
          nodes.put(node.getHost() + ":" + node.getPort(), node);
          holder = ours && i == 2 ? node : holder;
        }
      }
    }
    learn(nodes);
    if (holder == null) {
      throw new IllegalStateException("no node of the cluster holds slot " + slot);
    }
    return holder;
  }

  /** The configured ones stay: they may be all that is left when everything else has moved. */
  private void learn(Map<String, RedisURI> named) {
    var all = new LinkedHashMap<String, RedisURI>();
    configured.forEach(node -> all.put(node.getHost() + ":" + node.getPort(), node));
    all.putAll(named);
    var list = new ArrayList<>(all.values());
    known = List.copyOf(list.subList(0, Math.min(NODES_KEPT, list.size())));
  }

  /** A node that has no name of its own is where the one was found that speaks of it. */
  private static @Nullable RedisURI node(List<?> parts, RedisURI asked) {
    String host = String.valueOf(parts.getFirst());
    if (host.equals("?")) {
      return null;
    }
    RedisURI node = RedisURI.builder(asked).build();
    node.setHost(parts.getFirst() == null || host.isEmpty() ? asked.getHost() : host);
    node.setPort((int) number(parts.get(1)));
    return node;
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }
}
