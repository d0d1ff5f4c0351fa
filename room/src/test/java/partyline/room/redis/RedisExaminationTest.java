package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.redis.RedisEdge.await;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import partyline.room.Finding;
import partyline.room.Finding.Grade;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** Each thing that is looked at, when it is well and when it is not. */
final class RedisExaminationTest {
  private static LocalRedis server;

  @BeforeAll
  static void start() {
    server = LocalRedis.of(RedisBinary.find()).start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void its_name_and_version_come_first() {
    Finding first = examined(server.uri()).getFirst();

    assertThat(first.grade()).isEqualTo(Grade.GOOD);
    assertThat(first.what()).matches("(Redis|Valkey) \\d+\\.\\d+.*");
  }

  @Test
  void without_an_append_only_file_a_restart_loses_all() {
    assertThat(examined(server.uri())).contains(Finding.good("it keeps an append-only file"));

    server.command("CONFIG", "SET", "appendonly", "no");
    try {
      assertThat(about("append-only file").grade()).isEqualTo(Grade.BAD);
      assertThat(about("append-only file").advice()).contains("appendonly yes");
    } finally {
      server.command("CONFIG", "SET", "appendonly", "yes");
    }
  }

  @Test
  void without_a_replica_a_lost_machine_loses_messages() {
    assertThat(about("replica").grade()).isEqualTo(Grade.DOUBTFUL);
    assertThat(about("replica").advice()).contains("min-replicas-to-write 1");

    try (var replica = LocalRedis.of(RedisBinary.find()).replicaOf(server.port()).start()) {
      assertThat(replica.isAlive()).isTrue();
      Eventually.holds(
          "replicating", () -> String.valueOf(server.command("INFO")).contains("state=online"));

      List<Finding> found = examined(server.uri());

      assertThat(found).contains(Finding.good("replicas: 1"));
      assertThat(found)
          .anySatisfy(finding -> {
            assertThat(finding.grade()).isEqualTo(Grade.DOUBTFUL);
            assertThat(finding.advice()).contains("goes on without them");
          });
    }
  }

  @Test
  void a_replica_that_is_behind_is_doubtful() {
    String well = "ip=10.0.0.2,port=6379,state=online,offset=42,lag=1";
    assertThat(replicas(well).grade()).isEqualTo(Grade.GOOD);
    assertThat(replicas(well.replace("lag=1", "lag=7")).grade()).isEqualTo(Grade.DOUBTFUL);
    assertThat(replicas(well.replace("online", "send_bulk")).grade()).isEqualTo(Grade.DOUBTFUL);
  }

  private static Finding replicas(String second) {
    return RedisExamination.replicas(
        Map.of(
            "connected_slaves", "2",
            "slave0", "ip=10.0.0.1,port=6379,state=online,offset=42,lag=0",
            "slave1", second));
  }

  @Test
  void memory_has_a_bound_and_is_not_used_up() {
    server.command("CONFIG", "SET", "maxmemory", "0");
    assertThat(about("memory").grade()).isEqualTo(Grade.DOUBTFUL);
    assertThat(about("memory").advice()).startsWith("set maxmemory");

    server.command("CONFIG", "SET", "maxmemory", "1gb");
    assertThat(about("memory").grade()).isEqualTo(Grade.GOOD);

    server.command("CONFIG", "SET", "maxmemory", "1mb");
    try {
      assertThat(about("memory").grade()).isEqualTo(Grade.BAD);
      assertThat(about("memory").advice()).contains("PARTYLINE_RETENTION_DAYS");
    } finally {
      server.command("CONFIG", "SET", "maxmemory", "0");
    }
  }

  @Test
  void one_that_throws_away_what_people_said_is_bad() {
    server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    try {
      assertThat(examined(server.uri()))
          .anySatisfy(finding -> {
            assertThat(finding.grade()).isEqualTo(Grade.BAD);
            assertThat(finding.advice()).endsWith("set maxmemory-policy noeviction.");
          });
    } finally {
      server.command("CONFIG", "SET", "maxmemory-policy", "noeviction");
    }
  }

  @Test
  void large_nodes_of_streams_cost_memory() {
    server.command("CONFIG", "SET", "stream-node-max-bytes", "4096");
    try {
      assertThat(about("stream-node-max-bytes").grade()).isEqualTo(Grade.DOUBTFUL);
      assertThat(about("stream-node-max-bytes").advice()).contains("set it to 1024");
    } finally {
      server.command("CONFIG", "SET", "stream-node-max-bytes", "1024");
    }
    assertThat(about("stream-node-max-bytes"))
        .isEqualTo(Finding.good("stream-node-max-bytes is 1024"));
  }

  @Test
  void who_may_not_ask_for_its_configuration_hears_all_the_rest() {
    server.command("ACL SETUSER narrow on >pw ~* &* +@all -config".split(" "));

    List<Finding> found = examined(server.uri().replace("redis://", "redis://narrow:pw@"));

    assertThat(found)
        .contains(Finding.good("its stream-node-max-bytes is not told (CONFIG is not allowed)"))
        .contains(Finding.good("it keeps an append-only file"));
  }

  @Test
  void who_looks_leaves_no_trace() {
    try (var edge = RedisEdge.fresh(server.uri())) {
      await(RedisExamination.of(edge.connections));

      assertThat(server.command("EXISTS", edge.keys().meta())).isEqualTo(0L);
    }
  }

  @Test
  void a_clock_that_is_seconds_off_is_doubtful_whichever_way() {
    assertThat(RedisExamination.clock(800).grade()).isEqualTo(Grade.GOOD);
    assertThat(RedisExamination.clock(1_500).grade()).isEqualTo(Grade.DOUBTFUL);
    assertThat(RedisExamination.clock(-1_500).grade()).isEqualTo(Grade.DOUBTFUL);
    assertThat(about("its clock").grade()).isEqualTo(Grade.GOOD);
  }

  private static Finding about(String what) {
    return examined(server.uri()).stream()
        .filter(finding -> finding.what().contains(what))
        .findFirst()
        .orElseThrow();
  }

  private static List<Finding> examined(String uri) {
    try (var edge = RedisEdge.fresh(uri)) {
      return await(RedisExamination.of(edge.connections));
    }
  }
}
