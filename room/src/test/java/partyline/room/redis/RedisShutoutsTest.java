package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.room.FeedConnection;
import partyline.room.RecordingFeedListener;
import partyline.room.Shutout;
import partyline.room.Shutouts;
import partyline.room.ShutoutsContract;
import partyline.room.UserId;
import partyline.room.chat.Sanction;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

final class RedisShutoutsTest extends ShutoutsContract {
  private static final UserId ADA = new UserId("ada");

  private static LocalRedis redis;
  private static RedisEdge edge;
  private static RedisShutouts shutouts;

  // Of each test: what one was told late, another would take for its own.
  private final List<Shutout> told = new CopyOnWriteArrayList<>();
  private FeedConnection feed;

  @BeforeAll
  static void start() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    edge = RedisEdge.at(redis.uri(), "chat:");
    shutouts = new RedisShutouts(edge.connections);
  }

  @AfterAll
  static void stop() {
    edge.close();
    redis.close();
  }

  @BeforeEach
  void listen() {
    redis.command("FLUSHALL");
    feed =
        edge.feed(
            new RecordingFeedListener() {
              @Override
              public void shutout(long version, Shutout shutout) {
                told.add(shutout);
              }
            });
  }

  @AfterEach
  void hangUp() {
    feed.close();
  }

  @Override
  protected Shutouts shutouts() {
    return shutouts;
  }

  @Override
  protected List<Shutout> told() {
    return List.copyOf(told);
  }

  @Test
  void a_revocation_is_forgotten_once_no_token_can_be_that_old() {
    RedisEdge.await(shutouts.revoke(ADA));
    redis.command("ZINCRBY", edge.keys().revoked(), "-86521", "ada");

    assertThat(RedisEdge.await(shutouts.standing(-1)).shutouts().orElseThrow()).isEmpty();

    RedisEdge.await(shutouts.revoke(new UserId("bob")));
    assertThat(redis.command("ZCARD", edge.keys().revoked())).isEqualTo(1L);
  }

  @Test
  void a_ban_that_is_over_holds_nobody() {
    RedisEdge.await(shutouts.ban(ADA, Optional.of(Duration.ofHours(1)), ADA, ""));
    redis.command("ZINCRBY", edge.keys().banned(), "-3601", "ada");

    assertThat(RedisEdge.await(shutouts.standing(-1)).shutouts().orElseThrow()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 59, 3_600, 86_400, 100 * 86_400L, 1_000 * 86_400L, 3_650 * 86_400L})
  void a_ban_stands_with_the_person_as_rules_read_it(long seconds) {
    var ban =
        RedisEdge.await(
                shutouts.ban(ADA, Optional.of(Duration.ofSeconds(seconds)), ADA, "\"spam\" é"))
            .orElseThrow();

    Object text = redis.command("HGET", edge.keys().person(ADA), "ban");
    var stored = Sanction.parse(String.valueOf(text));

    assertThat(stored.until()).isEqualTo(ban.until()).isPresent();
    assertThat(stored.reason()).contains("\"spam\" é");
    assertThat(stored.by()).isEqualTo("ada");
    assertThat(Duration.between(stored.at(), stored.until().get()))
        .isEqualTo(Duration.ofSeconds(seconds));

    RedisEdge.await(shutouts.unban(ADA));
    assertThat(redis.command("HGET", edge.keys().person(ADA), "ban")).isNull();
  }

  @Test
  void a_used_ticket_is_remembered_and_another_is_not() {
    var ledger = new RedisTicketLedger(edge.connections);
    assertThat(RedisEdge.await(ledger.wasUsed("a"))).isFalse();

    RedisEdge.await(ledger.use("a", Duration.ofMinutes(1)));
    RedisEdge.await(ledger.use("a", Duration.ofMinutes(9)));

    assertThat(RedisEdge.await(ledger.wasUsed("a"))).isTrue();
    assertThat(RedisEdge.await(ledger.wasUsed("b"))).isFalse();
    assertThat((Long) redis.command("PTTL", edge.keys().ticket("a"))).isBetween(1L, 60_000L);
  }
}
