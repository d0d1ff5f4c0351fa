package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Finding;
import partyline.room.Finding.Grade;
import partyline.room.NodeReports;
import partyline.room.metrics.Meters;
import partyline.room.metrics.Metric;
import partyline.room.process.Eventually;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

class RedisNodeReportsTest {

  private static LocalRedis server;
  private static RedisConnections connections;
  private static NodeReports reports;

  @BeforeAll
  static void start() {
    server = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    connections = RedisConnections.open(RedisConfig.parse(server.uri(), "ops"));
    Eventually.holds("connected", () -> connections.commands().current() != null);
    reports = new RedisNodeReports(connections);
  }

  @AfterAll
  static void stop() {
    connections.close();
    server.close();
  }

  @BeforeEach
  void forget() throws Exception {
    answer(reports.leave("a"));
    answer(reports.leave("b"));
  }

  private static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void what_a_node_said_last_is_known_until_it_leaves() throws Exception {
    answer(reports.say("b", "{\"n\":1}"));
    answer(reports.say("a", "{\"n\":2}"));
    answer(reports.say("b", "{\"n\":3}"));
    assertThat(answer(reports.all())).isEqualTo(List.of("{\"n\":2}", "{\"n\":3}"));

    answer(reports.leave("a"));

    assertThat(answer(reports.all())).isEqualTo(List.of("{\"n\":3}"));
  }

  @Test
  void who_is_asked_to_leave_hears_it_once() throws Exception {
    answer(reports.askToLeave("a"));

    assertThat(answer(reports.say("b", "{}")).askedToLeave()).isFalse();
    assertThat(answer(reports.say("a", "{}")).askedToLeave()).isTrue();
    assertThat(answer(reports.say("a", "{}")).askedToLeave()).isFalse();
  }

  @Test
  void it_says_what_time_it_is() throws Exception {
    assertThat(answer(reports.say("a", "{}")).redisMillis())
        .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 60_000);
  }

  @Test
  void redis_is_looked_at_and_what_is_told_of_it_is_told() throws Exception {
    var vitals = new RedisVitals(connections);
    answer(vitals.look());
    var meters = new Meters(Metric.Teller.WORKER);
    meters.add(vitals);

    assertThat(meters.scrape().lines())
        .anyMatch(line -> line.matches("partyline_redis_memory_bytes [1-9].*"))
        .anyMatch(line -> line.matches("partyline_redis_memory_max_bytes [1-9].*"));
  }

  @Test
  void an_examination_says_what_is_not_well_and_what_to_do() throws Exception {
    List<Finding> found = answer(RedisExamination.of(connections));

    assertThat(found)
        .anySatisfy(finding -> {
          assertThat(finding.grade()).isEqualTo(Grade.BAD);
          assertThat(finding.what()).contains("no append-only file");
          assertThat(finding.advice()).contains("appendonly yes");
        })
        .anySatisfy(finding -> {
          assertThat(finding.grade()).isEqualTo(Grade.DOUBTFUL);
          assertThat(finding.what()).contains("no replica");
        })
        .anySatisfy(finding -> assertThat(finding.what()).matches("(Redis|Valkey) \\d.*"));
  }
}
