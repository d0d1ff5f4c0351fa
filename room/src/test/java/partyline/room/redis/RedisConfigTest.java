package partyline.room.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisURI;
import java.util.List;
import org.junit.jupiter.api.Test;
import partyline.room.RoomId;
import partyline.room.Settings;
import partyline.room.UserId;

final class RedisConfigTest {

  @Test
  void a_url_names_one_server() {
    RedisConfig config = RedisConfig.parse("redis://ada:s3cret%40%2F@db.example:6380", "chat:");

    assertThat(config.uri().getHost()).isEqualTo("db.example");
    assertThat(config.uri().getPort()).isEqualTo(6380);
    assertThat(config.uri().isSsl()).isFalse();
    RedisCredentials credentials =
        config.uri().getCredentialsProvider().resolveCredentials().blockOptional().orElseThrow();
    assertThat(credentials.getUsername()).isEqualTo("ada");
    assertThat(credentials.getPassword()).isEqualTo("s3cret@/".toCharArray());
    assertThat(config.keys().log()).isEqualTo("chat:{t}:log");
  }

  @Test
  void rediss_is_tls_with_a_verified_peer() {
    RedisConfig config = RedisConfig.parse("rediss://db.example", "");

    assertThat(config.uri().isSsl()).isTrue();
    assertThat(config.uri().isVerifyPeer()).isTrue();
    assertThat(config).hasToString("rediss://db.example:6379");
  }

  @Test
  void sentinels_are_named_with_their_master() {
    for (String tail : List.of("/0#mymaster", "#mymaster", "?sentinelMasterId=mymaster")) {
      RedisConfig config = RedisConfig.parse("redis-sentinel://:pw@s1:26379,s2:26380" + tail, "");

      assertThat(config.uri().getSentinels()).hasSize(2);
      assertThat(config.uri().getSentinelMasterId()).isEqualTo("mymaster");
      assertThat(config).hasToString("redis-sentinel://s1:26379,s2:26380#mymaster");
    }
  }

  @Test
  void a_cluster_is_named_by_some_of_its_nodes() {
    RedisConfig config = RedisConfig.parse("rediss-cluster://ada:s3cret%40@n1,n2:7001", "");

    assertThat(config.isCluster()).isTrue();
    assertThat(config.cluster()).extracting(RedisURI::getHost).containsExactly("n1", "n2");
    assertThat(config.cluster()).extracting(RedisURI::getPort).containsExactly(6379, 7001);
    assertThat(config.cluster()).allMatch(RedisURI::isSsl);
    assertThat(config.keys().sharded()).isTrue();
    assertThat(config).hasToString("rediss-cluster://n1:6379,n2:7001");
    assertThat(RedisConfig.parse("redis://n1", "").keys().sharded()).isFalse();
  }

  @Test
  void nobody_reads_a_password_from_a_log() {
    assertThat(RedisConfig.parse("redis://ada:s3cret@db.example", "").toString())
        .isEqualTo("redis://db.example:6379");
    assertThatExceptionOfType(Settings.Wrong.class)
        .isThrownBy(() -> RedisConfig.parse("redis://ada:s3cret^@db example", ""))
        .withMessageNotContaining("s3cret");
  }

  @Test
  void a_wrong_url_is_answered_with_what_to_write() {
    for (String url :
        List.of("", "localhost:6379", "http://db.example", "redis://", "redis:///0")) {
      assertThatExceptionOfType(Settings.Wrong.class)
          .isThrownBy(() -> RedisConfig.parse(url, ""))
          .withMessageContaining("REDIS_URL")
          .withMessageContaining("redis://127.0.0.1:6379");
    }
    assertThatExceptionOfType(Settings.Wrong.class)
        .isThrownBy(() -> RedisConfig.parse("redis-sentinel://s1:26379,s2:26379", ""))
        .withMessageContaining("#master");
  }

  @Test
  void another_database_is_refused_because_channels_have_none() {
    assertThatExceptionOfType(Settings.Wrong.class)
        .isThrownBy(() -> RedisConfig.parse("redis://db.example/3", ""))
        .withMessageContaining("PARTYLINE_KEY_PREFIX");
  }

  @Test
  void a_prefix_can_not_make_a_hash_tag_of_its_own() {
    for (String prefix : List.of("{a}", "a b", "a*", "x".repeat(65))) {
      assertThatExceptionOfType(Settings.Wrong.class)
          .isThrownBy(() -> RedisConfig.parse("redis://db.example", prefix))
          .withMessageContaining("PARTYLINE_KEY_PREFIX");
    }
  }

  @Test
  void no_two_idempotency_keys_run_into_each_other() {
    var keys = RedisConfig.parse("redis://localhost", "").keys();

    assertThat(keys.idempotency(RoomId.inboxOf(new UserId("a:b")), new UserId("c"), "k"))
        .isNotEqualTo(keys.idempotency(RoomId.inboxOf(new UserId("a")), new UserId("b:c"), "k"));
    assertThat(keys.idempotency(new RoomId("lobby"), new UserId("guest:1"), "k:1"))
        .isEqualTo("{t}:i:lobby:guest%3A1:k:1");
  }
}
