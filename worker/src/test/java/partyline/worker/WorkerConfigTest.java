package partyline.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import partyline.room.Settings;

final class WorkerConfigTest {

  @Test
  void without_settings_it_keeps_the_log_an_hour_and_messages_a_month() {
    WorkerConfig config = WorkerConfig.from(Map.of());

    assertThat(config.redisUrl()).isEqualTo("redis://127.0.0.1:6379");
    assertThat(config.keyPrefix()).isEmpty();
    assertThat(config.opsListen()).isEqualTo(new Settings.Listen("127.0.0.1", 7090));
    assertThat(config.logAge()).isEqualTo(Duration.ofHours(1));
    assertThat(config.historyAge()).isEqualTo(Duration.ofDays(30));
    assertThat(config.owner()).matches(".+-[0-9a-f]{8}");
  }

  @Test
  void what_is_set_is_taken() {
    WorkerConfig config =
        WorkerConfig.from(
            Map.of(
                "REDIS_URL", "redis://example:6380",
                "PARTYLINE_KEY_PREFIX", "chat:",
                "PARTYLINE_NODE", "w3",
                "PARTYLINE_OPS_LISTEN", "127.0.0.1:0",
                "PARTYLINE_LOG_MINUTES", "120",
                "PARTYLINE_RETENTION_DAYS", "7"));

    assertThat(config.redisUrl()).isEqualTo("redis://example:6380");
    assertThat(config.keyPrefix()).isEqualTo("chat:");
    assertThat(config.opsListen()).isEqualTo(new Settings.Listen("127.0.0.1", 0));
    assertThat(config.logAge()).isEqualTo(Duration.ofHours(2));
    assertThat(config.historyAge()).isEqualTo(Duration.ofDays(7));
    assertThat(config.owner()).startsWith("w3-");
  }

  @Test
  void a_node_that_starts_again_is_another_owner() {
    Map<String, String> env = Map.of("PARTYLINE_NODE", "w3");

    assertThat(WorkerConfig.from(env).owner()).isNotEqualTo(WorkerConfig.from(env).owner());
  }

  @Test
  void a_log_shorter_than_a_duplicate_may_be_late_is_refused_with_a_sentence() {
    assertThatThrownBy(() -> WorkerConfig.from(Map.of("PARTYLINE_LOG_MINUTES", "5")))
        .isInstanceOf(Settings.Wrong.class)
        .hasMessage(
            "PARTYLINE_LOG_MINUTES is \"5\". Write a whole number of minutes from 60 to 1440.");
  }

  @Test
  void a_node_with_a_space_is_refused_with_a_sentence() {
    assertThatThrownBy(() -> WorkerConfig.from(Map.of("PARTYLINE_NODE", "my worker")))
        .isInstanceOf(Settings.Wrong.class)
        .hasMessage(
            "PARTYLINE_NODE is \"my worker\". Write 1 to 64 letters, digits, dots, dashes or"
                + " underscores.");
  }

  @Test
  void it_does_not_print_the_password_of_redis() {
    assertThat(WorkerConfig.from(Map.of("REDIS_URL", "redis://:hunter2@example")).toString())
        .doesNotContain("hunter2");
  }
}
