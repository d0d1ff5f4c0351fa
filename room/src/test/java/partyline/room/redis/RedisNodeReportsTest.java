package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.NodeReports;
import partyline.room.NodeReports.Burden;
import partyline.room.NodeReports.Spread;
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

  private static CompletionStage<NodeReports.Heard> say(String node, String json) {
    return reports.say(node, json, new Burden.None());
  }

  private static Spread carries(String node, Burden burden) throws Exception {
    return answer(reports.say(node, "{}", burden)).spread();
  }

  private static <T> T answer(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  @Test
  void what_a_node_said_last_is_known_until_it_leaves() throws Exception {
    answer(say("b", "{\"n\":1}"));
    answer(say("a", "{\"n\":2}"));
    answer(say("b", "{\"n\":3}"));
    assertThat(answer(reports.all())).isEqualTo(List.of("{\"n\":2}", "{\"n\":3}"));

    answer(reports.leave("a"));

    assertThat(answer(reports.all())).isEqualTo(List.of("{\"n\":3}"));
  }

  @Test
  void who_is_asked_to_leave_hears_it_once() throws Exception {
    answer(reports.askToLeave("a"));

    assertThat(answer(say("b", "{}")).askedToLeave()).isFalse();
    assertThat(answer(say("a", "{}")).askedToLeave()).isTrue();
    assertThat(answer(say("a", "{}")).askedToLeave()).isFalse();
  }

  @Test
  void it_says_what_time_it_is() throws Exception {
    assertThat(answer(say("a", "{}")).redisMillis())
        .isBetween(System.currentTimeMillis() - 60_000, System.currentTimeMillis() + 60_000);
  }

  @Test
  void each_gateway_hears_what_all_of_them_carry() throws Exception {
    assertThat(carries("a", new Burden.Streams(7))).isEqualTo(new Spread(1, 7, 7, 0));
    assertThat(carries("b", new Burden.Streams(5))).isEqualTo(new Spread(2, 12, 5, 0));
    assertThat(carries("worker", new Burden.None())).isEqualTo(new Spread(2, 12, 5, 0));
    assertThat(carries("a", new Burden.Leaving())).isEqualTo(new Spread(1, 5, 5, 1));

    answer(reports.leave("a"));

    assertThat(carries("b", new Burden.Streams(6))).isEqualTo(new Spread(1, 6, 6, 0));
  }

  @Test
  void what_a_gateway_carried_that_says_nothing_any_more_does_not_count() throws Exception {
    carries("a", new Burden.Streams(7));
    String burdens = connections.keys().burdens();
    server.command("HSET", burdens, "a", "1700000000000 7");

    assertThat(carries("b", new Burden.Streams(5))).isEqualTo(new Spread(1, 5, 5, 0));
    assertThat(server.command("HLEN", burdens)).isEqualTo(1L);
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
}
