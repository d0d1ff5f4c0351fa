package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.gateway.GatewayConfig.Mode;
import partyline.gateway.GatewayConfig.StreamEnd;
import partyline.gateway.http.Connections;
import partyline.gateway.http.Cors;
import partyline.gateway.token.KeySetPlace;
import partyline.gateway.token.Tokens;
import partyline.gateway.token.VerificationKeys.Issuer;
import partyline.gateway.token.WeakSecret;
import partyline.room.Acks;
import partyline.room.Settings;
import partyline.room.Settings.Listen;
import partyline.room.chat.Policy;

class GatewayConfigTest {

  private static final String SECRET = "9f2c1be07a53d8646e11c07fd2a9b3587c40";

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
    assertThat(defaults.acks()).isEqualTo(Acks.PRIMARY);
    assertThat(defaults.node()).matches("[A-Za-z0-9][A-Za-z0-9._-]{0,54}-[0-9a-f]{8}");
    assertThat(defaults.listen()).isEqualTo(new Listen("0.0.0.0", 8080));
    assertThat(defaults.opsListen()).isEqualTo(new Listen("127.0.0.1", 7080));
    assertThat(defaults.mode()).isEqualTo(Mode.PRODUCTION);
    assertThat(defaults.keys().otherSecret()).isEmpty();
    assertThat(defaults.keys().site()).isEqualTo(Issuer.Site.ANY);
    assertThat(defaults.keys().keySets()).isEmpty();
    assertThat(defaults.guests()).isFalse();
    assertThat(defaults.anonymousRead()).isFalse();
    assertThat(defaults.policy()).isEqualTo(new Policy(Policy.Creation.MEMBERS, false, 1_000));
    assertThat(defaults.origins()).isEqualTo(Cors.Origins.of(List.of()));
    assertThat(defaults.trustedProxies()).isEmpty();
    assertThat(defaults.connections()).isEqualTo(Connections.byOpenFiles());
    assertThat(defaults.streamsPerAddress()).isEqualTo(1_000);
    assertThat(defaults.maxAge()).isEqualTo(Duration.ofMinutes(30));
    assertThat(defaults.rebalance()).isTrue();
    assertThat(defaults.heartbeat()).isEqualTo(Duration.ofSeconds(17));
    assertThat(defaults.streamEnd()).isEqualTo(StreamEnd.ABRUPT);
    assertThat(defaults.drainPropagation()).isEqualTo(Duration.ofSeconds(5));
    assertThat(defaults.drainWindow()).isEqualTo(Duration.ofSeconds(30));
    assertThat(defaults.drainGrace()).isEqualTo(Duration.ofSeconds(60));
    assertThat(defaults.eventLoops()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(defaults.ops())
        .isEqualTo(new OpsConfig(false, Optional.empty(), Duration.ofSeconds(5)));
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
          PARTYLINE_MODE,                test,                Write production or local
          PARTYLINE_JWKS,                http://id.example/k, Write the path of a JSON Web Key Set
          PARTYLINE_JWKS,                ftp://localhost/k,   Write the path of a JSON Web Key Set
          PARTYLINE_JWKS,                https://a:b@x.org/k, Write the path of a JSON Web Key Set
          PARTYLINE_JWKS,                https://x.org sub=1, Write the path of a JSON Web Key Set
          PARTYLINE_EVENT_LOOPS,         0,                   Write a whole number from 1
          PARTYLINE_DRAIN_GRACE_SECONDS, 20,                  Write at least 38
          """)
  void a_wrong_value_stops_the_start_with_a_sentence(String name, String value, String sentence) {
    assertThatThrownBy(() -> config(name, value))
        .isInstanceOf(Settings.Wrong.class)
        .hasMessageStartingWith(name + " is \"" + value + "\". " + sentence);
  }

  @ParameterizedTest
  @CsvSource({
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, it is made of very few different characters",
    "0123456789abcdef0123456789abcdef, it repeats itself",
    "abcdefghijklmnopqrstuvwxyz0123456789, its characters stand in a row",
    "your-256-bit-secret-your-256-bit-key, it reads like an example",
    "ChangeMe-7f3k29dk2019dkx02kd9s01kd9sk, it reads like an example"
  })
  void a_key_that_could_be_guessed_stops_the_start_in_production_only(String key, String reason) {
    for (String name : List.of("PARTYLINE_SECRET", "PARTYLINE_OTHER_SECRET")) {
      assertThatThrownBy(() -> config(name, key))
          .isInstanceOf(Settings.Wrong.class)
          .hasMessageStartingWith(name + " could be guessed: " + reason + ". Write what")
          .message()
          .doesNotContain(key);
      assertThat(config(name, key, "PARTYLINE_MODE", "local").mode()).isEqualTo(Mode.LOCAL);
    }
  }

  @RepeatedTest(200)
  void what_a_machine_drew_is_no_weak_key() {
    var bytes = new byte[32];
    ThreadLocalRandom.current().nextBytes(bytes);

    assertThat(WeakSecret.reason(Tokens.secret(HexFormat.of().formatHex(bytes)))).isEmpty();
    assertThat(WeakSecret.reason(Tokens.secret(HexFormat.of().formatHex(bytes, 0, 16)))).isEmpty();
    assertThat(WeakSecret.reason(Tokens.secret(Base64.getEncoder().encodeToString(bytes))))
        .isEmpty();
  }

  @Test
  void several_key_sets_each_ask_for_what_their_tokens_must_say() {
    var keys =
        config(
                "PARTYLINE_ISSUER", "https://site.example",
                "PARTYLINE_AUDIENCE", "chat",
                "PARTYLINE_JWKS",
                    "https://id.example/jwks.json iss=https://id.example , /etc/keys.json aud=b,"
                        + "http://localhost:9000/k")
            .keys();

    assertThat(keys.site())
        .isEqualTo(new Issuer.Site(Optional.of("https://site.example"), Optional.of("chat")));
    assertThat(keys.keySets())
        .extracting(KeySetPlace::toString)
        .containsExactly(
            "https://id.example/jwks.json", "/etc/keys.json", "http://localhost:9000/k");
    assertThat(keys.keySets())
        .extracting(KeySetPlace::issuer)
        .containsExactly(
            new Issuer.Site(Optional.of("https://id.example"), Optional.of("chat")),
            new Issuer.Site(Optional.of("https://site.example"), Optional.of("b")),
            keys.site());
  }

  @Test
  void neither_the_key_nor_the_password_of_redis_is_printed() {
    assertThat(config("REDIS_URL", "redis://app:hush@redis:6379"))
        .asString()
        .doesNotContain("hush")
        .doesNotContain(SECRET);
  }
}
