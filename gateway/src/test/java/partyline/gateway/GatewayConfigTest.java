package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.gateway.GatewayConfig.StreamEnd;
import partyline.gateway.http.Connections;
import partyline.gateway.http.Cors;
import partyline.room.Settings;
import partyline.room.Settings.Listen;

class GatewayConfigTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private static GatewayConfig config(String... settings) {
    var env = new HashMap<>(Map.of("PARTYLINE_SECRET", SECRET));
    for (int i = 0; i < settings.length; i += 2) {
      env.put(settings[i], settings[i + 1]);
    }
    return GatewayConfig.from(env);
  }

  @Test
  void the_defaults_are_these() {
    var defaults = config();

    assertThat(defaults.redisUrl()).isEqualTo("redis://127.0.0.1:6379");
    assertThat(defaults.keyPrefix()).isEmpty();
    assertThat(defaults.node()).matches("[A-Za-z0-9][A-Za-z0-9._-]{0,54}-[0-9a-f]{8}");
    assertThat(defaults.listen()).isEqualTo(new Listen("0.0.0.0", 8080));
    assertThat(defaults.opsListen()).isEqualTo(new Listen("127.0.0.1", 7080));
    assertThat(defaults.guests()).isFalse();
    assertThat(defaults.anonymousRead()).isFalse();
    assertThat(defaults.origins()).isEqualTo(Cors.Origins.of(List.of()));
    assertThat(defaults.trustedProxies()).isEmpty();
    assertThat(defaults.connections()).isEqualTo(Connections.byOpenFiles());
    assertThat(defaults.streamsPerAddress()).isEqualTo(1_000);
    assertThat(defaults.maxAge()).isEqualTo(Duration.ofMinutes(30));
    assertThat(defaults.heartbeat()).isEqualTo(Duration.ofSeconds(17));
    assertThat(defaults.streamEnd()).isEqualTo(StreamEnd.ABRUPT);
    assertThat(defaults.drainPropagation()).isEqualTo(Duration.ofSeconds(5));
    assertThat(defaults.drainWindow()).isEqualTo(Duration.ofSeconds(30));
    assertThat(defaults.drainGrace()).isEqualTo(Duration.ofSeconds(60));
    assertThat(defaults.eventLoops()).isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void two_nodes_of_one_host_do_not_share_a_name() {
    assertThat(config().node()).isNotEqualTo(config().node());
  }

  @Test
  void without_a_key_the_start_is_refused() {
    assertThatThrownBy(() -> GatewayConfig.from(Map.of()))
        .isInstanceOf(Settings.Wrong.class)
        .hasMessageStartingWith("PARTYLINE_SECRET is not set. Write the key");
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          PARTYLINE_ORIGINS,             www.example.com,     Write exact origins like
          PARTYLINE_ORIGINS,             https://a.example/x, Write exact origins like
          PARTYLINE_TRUSTED_PROXIES,     10.0.0.0/33,         Write addresses or networks
          PARTYLINE_TRUSTED_PROXIES,     proxy.example,       Write addresses or networks
          PARTYLINE_NODE,                a b,                 Write 1 to 64 letters
          PARTYLINE_HEARTBEAT_SECONDS,   0,                   Write a whole number of seconds from 1
          PARTYLINE_CONNECTIONS,         0,                   Write a whole number from 1
          PARTYLINE_STREAM_END,          soft,                Write abrupt or clean
          PARTYLINE_LISTEN,              8080,                Write address:port
          PARTYLINE_GUESTS,              yes,                 Write true or false
          PARTYLINE_EVENT_LOOPS,         0,                   Write a whole number from 1
          PARTYLINE_DRAIN_GRACE_SECONDS, 20,                  Write at least 38
          """)
  void a_wrong_value_stops_the_start_with_a_sentence(String name, String value, String sentence) {
    assertThatThrownBy(() -> config(name, value))
        .isInstanceOf(Settings.Wrong.class)
        .hasMessageStartingWith(name + " is \"" + value + "\". " + sentence);
  }

  @Test
  void neither_the_key_nor_the_password_of_redis_is_printed() {
    assertThat(config("REDIS_URL", "redis://app:hush@redis:6379"))
        .asString()
        .doesNotContain("hush")
        .doesNotContain(SECRET);
  }
}
