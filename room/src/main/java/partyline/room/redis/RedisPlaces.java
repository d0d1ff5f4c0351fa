package partyline.room.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import partyline.room.Partition;
import partyline.room.Partitions;

/**
 * The servers that all is kept on: one; or, of a cluster with several partitions, the primaries
 * that have some, and the one that has what is with none of them.
 */
public final class RedisPlaces {

  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(2);

  private RedisPlaces() {}

  /**
   * One of them.
   *
   * @param name for people, with the partitions that it has
   * @param connections that lead there
   */
  public record Place(String name, RedisConnections connections) {}

  /** Which server it is; of one that does not answer nobody can say, so it is like no other. */
  private record Server(String id, String name) {}

  /** What leads somewhere, and what is there; empty for what is with no partition. */
  private record Way(RedisConnections connections, String partition) {}

  /**
   * Each once, the one first that these connections lead to. Who can't say how many partitions
   * there are is taken for the only one.
   */
  public static CompletionStage<List<Place>> of(RedisConnections connections) {
    return connections
        .calls()
        .repeatable(redis -> redis.hget(connections.keys().meta(), "partitions"))
        .handle((count, _) -> Optional.ofNullable(count))
        .thenApply(count -> count.flatMap(Partitions::parse).orElse(Partitions.ONE))
        .thenCompose(partitions ->
            partitions.isOne()
                ? CompletableFuture.completedFuture(List.of(new Place("Redis", connections)))
                : of(connections, partitions));
  }

  private static CompletionStage<List<Place>> of(
      RedisConnections connections, Partitions partitions) {
    var ways = new ArrayList<Way>();
    ways.add(new Way(connections, ""));
    for (Partition partition : partitions.all()) {
      ways.add(new Way(connections.in(partition), Integer.toString(partition.index())));
    }
    CompletionStage<Map<Server, List<Way>>> all =
        CompletableFuture.completedFuture(new LinkedHashMap<>());
    for (Way way : ways) {
      all =
          all.thenCombine(
              serverOf(way),
              (places, server) -> {
                places.computeIfAbsent(server, _ -> new ArrayList<>()).add(way);
                return places;
              });
    }
    return all.thenApply(places ->
        places.entrySet().stream()
            .map(place ->
                new Place(
                    place.getKey().name() + having(place.getValue()),
                    place.getValue().getFirst().connections()))
            .toList());
  }

  private static CompletionStage<Server> serverOf(Way way) {
    return way.connections()
        .calls()
        .repeatable(redis -> redis.info("server"))
        .toCompletableFuture()
        .orTimeout(ANSWERED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .handle((info, failure) -> {
          if (failure != null) {
            return new Server("nobody at " + way.partition(), "Redis");
          }
          Map<String, String> facts = RedisCheck.facts(info);
          return new Server(
              facts.getOrDefault("run_id", ""),
              "Redis on port " + facts.getOrDefault("tcp_port", "?"));
        });
  }

  private static String having(List<Way> ways) {
    String partitions =
        ways.stream()
            .map(Way::partition)
            .filter(partition -> !partition.isEmpty())
            .collect(Collectors.joining(", "));
    return partitions.isEmpty() ? ", no partition" : ", partitions " + partitions;
  }
}
