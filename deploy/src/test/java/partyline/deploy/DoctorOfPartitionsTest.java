package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import partyline.room.Partitions;
import partyline.room.process.Eventually;
import partyline.room.redis.RedisCheck;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisCluster;

/** What {@code doctor} says of a cluster over which four partitions are spread. */
final class DoctorOfPartitionsTest {

  @Test
  void each_primary_is_told_of_with_its_partitions_and_one_that_is_away_hides_no_other() {
    try (var cluster = RedisCluster.of(3, 0)) {
      describe(cluster);
      List<LocalRedis> primaries = cluster.primaries();
      assertThat(doctor(cluster, 0).stream().filter(line -> line.contains("stands still")))
          .hasSize(3);
      primaries.forEach(one -> one.command("CONFIG", "SET", "cluster-require-full-coverage", "no"));
      primaries.getFirst().command("CONFIG", "SET", "maxmemory-policy", "volatile-lru");
      primaries.get(1).kill();

      List<String> said = doctor(cluster, 1);

      assertThat(said)
          .containsSubsequence(
              "Redis on port " + primaries.getLast().port() + ", partitions 3",
              "  ok   it keeps an append-only file",
              "Redis on port " + primaries.getFirst().port() + ", partitions 0, 2",
              "  ok   it keeps an append-only file",
              "Redis, partitions 1");
      assertThat(said.stream().filter(line -> line.contains("volatile-lru"))).hasSize(1);
      assertThat(said).noneMatch(line -> line.contains("stands still"));
      assertThat(said.stream().filter(line -> line.startsWith("  BAD  it can't be reached")))
          .hasSize(1);
    }
  }

  /** As the first node does. */
  private static void describe(RedisCluster cluster) {
    try (var connections = RedisConnections.open(RedisConfig.parse(cluster.uri(), ""))) {
      Eventually.holds(
          "it is written how many partitions there are",
          () ->
              RedisCheck.check(connections, Partitions.of(4))
                  .handle((_, failure) -> failure == null)
                  .toCompletableFuture()
                  .join());
    }
  }

  private static List<String> doctor(RedisCluster cluster, int exit) {
    var out = new StringWriter();
    var line = Partyline.commandLine();
    line.setOut(new PrintWriter(out));
    assertThat(line.execute("doctor", "--redis=" + cluster.uri())).isEqualTo(exit);
    return out.toString().lines().toList();
  }
}
