package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  private enum End {
    ABRUPT,
    CLEAN
  }

  private static Settings settings(String name, String value) {
    return new Settings(Map.of(name, value));
  }

  @Test
  void what_is_not_set_is_the_preset() {
    var none = new Settings(Map.of());

    assertThat(none.text("PARTYLINE_NODE", "n")).isEqualTo("n");
    assertThat(none.flag("PARTYLINE_GUESTS", true)).isTrue();
    assertThat(none.number("PARTYLINE_EVENT_LOOPS", 7, 1, 64)).isEqualTo(7);
    assertThat(none.list("PARTYLINE_ORIGINS")).isEmpty();
    assertThat(none.secret("PARTYLINE_SECRET", 32)).isEmpty();
    assertThat(none.warnings()).isEmpty();
  }

  @Test
  void an_empty_value_counts_as_not_set() {
    assertThat(settings("PARTYLINE_EVENT_LOOPS", " ").number("PARTYLINE_EVENT_LOOPS", 2, 1, 64))
        .isEqualTo(2);
  }

  @Test
  void what_is_set_is_read_with_its_type() {
    assertThat(settings("PARTYLINE_GUESTS", "TRUE").flag("PARTYLINE_GUESTS", false)).isTrue();
    assertThat(
            settings("PARTYLINE_MAX_AGE_SECONDS", "60")
                .seconds("PARTYLINE_MAX_AGE_SECONDS", Duration.ZERO, 10, 100))
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(
            settings("PARTYLINE_STREAM_END", "clean")
                .choice("PARTYLINE_STREAM_END", End.class, End.ABRUPT))
        .isEqualTo(End.CLEAN);
    assertThat(settings("PARTYLINE_ORIGINS", " a , ,b").list("PARTYLINE_ORIGINS"))
        .containsExactly("a", "b");
  }

  @Test
  void a_wrong_value_says_what_to_write_instead() {
    assertThatThrownBy(() -> settings("PARTYLINE_GUESTS", "no").flag("PARTYLINE_GUESTS", false))
        .isInstanceOf(Settings.Wrong.class)
        .hasMessage("PARTYLINE_GUESTS is \"no\". Write true or false.");
    assertThatThrownBy(() ->
            settings("PARTYLINE_EVENT_LOOPS", "1e3").number("PARTYLINE_EVENT_LOOPS", 2, 1, 64))
        .hasMessage("PARTYLINE_EVENT_LOOPS is \"1e3\". Write a whole number from 1 to 64.");
    assertThatThrownBy(() ->
            settings("PARTYLINE_MAX_AGE_SECONDS", "5")
                .seconds("PARTYLINE_MAX_AGE_SECONDS", Duration.ZERO, 10, 100))
        .hasMessage(
            "PARTYLINE_MAX_AGE_SECONDS is \"5\". Write a whole number of seconds from 10 to 100.");
    assertThatThrownBy(() ->
            settings("PARTYLINE_STREAM_END", "soft")
                .choice("PARTYLINE_STREAM_END", End.class, End.ABRUPT))
        .hasMessage("PARTYLINE_STREAM_END is \"soft\". Write abrupt or clean.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:8080", "[::1]:8080", "localhost:0", "chat.example.com:80"})
  void an_address_to_listen_on_is_host_and_port(String text) {
    assertThat(Settings.Listen.parse(text)).map(Settings.Listen::toString).contains(text);
  }

  @Test
  void a_port_alone_listens_on_every_address() {
    assertThat(Settings.Listen.parse(":8080")).contains(new Settings.Listen("0.0.0.0", 8080));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8080", "localhost", "localhost:", "host:65536", "::1:80", "http://a:80"})
  void anything_else_is_no_address_to_listen_on(String text) {
    assertThatThrownBy(() ->
            settings("PARTYLINE_LISTEN", text)
                .listen("PARTYLINE_LISTEN", new Settings.Listen("0.0.0.0", 8080)))
        .hasMessage(
            "PARTYLINE_LISTEN is \""
                + text
                + "\". Write address:port, for example 0.0.0.0:8080 or [::1]:8080.");
  }

  @Test
  void a_secret_comes_from_the_environment_or_from_a_file(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "x".repeat(32) + "\n");

    var fromFile =
        settings("PARTYLINE_SECRET_FILE", file.toString()).secret("PARTYLINE_SECRET", 32);
    var fromText = settings("PARTYLINE_SECRET", "x".repeat(32)).secret("PARTYLINE_SECRET", 32);

    assertThat(Stream.of(fromFile, fromText))
        .allSatisfy(secret ->
            assertThat(secret.orElseThrow().bytes())
                .isEqualTo("x".repeat(32).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_secret_set_in_two_places_is_refused() {
    var both =
        new Settings(Map.of("PARTYLINE_SECRET", "x".repeat(32), "PARTYLINE_SECRET_FILE", "/f"));

    assertThatThrownBy(() -> both.secret("PARTYLINE_SECRET", 32))
        .hasMessage(
            "Both PARTYLINE_SECRET and PARTYLINE_SECRET_FILE are set. Leave one of them out.");
  }

  @Test
  void a_secret_that_is_too_short_or_unreadable_is_refused_without_showing_it(
      @TempDir Path folder) {
    assertThatThrownBy(() -> settings("PARTYLINE_SECRET", "hush").secret("PARTYLINE_SECRET", 32))
        .hasMessageStartingWith("PARTYLINE_SECRET holds 4 bytes. Write at least 32")
        .hasMessageNotContaining("hush");
    assertThatThrownBy(() ->
            settings("PARTYLINE_SECRET_FILE", folder.resolve("none").toString())
                .secret("PARTYLINE_SECRET", 32))
        .hasMessageContaining("Write the path of a text file");
  }

  @Test
  void a_secret_does_not_print_itself() {
    assertThat(new Settings.Secret("hush".getBytes(StandardCharsets.UTF_8)))
        .hasToString("(secret)");
  }

  @Test
  void an_unknown_name_of_ours_warns_and_suggests_the_right_one() {
    var slips =
        new Settings(Map.of("PARTYLINE_ORIGIN", "*", "PARTYLINE_WHATEVER", "1", "HOME", "/"));

    assertThat(slips.warnings())
        .containsExactly(
            "PARTYLINE_ORIGIN is not a setting and has no effect. Did you mean PARTYLINE_ORIGINS?",
            "PARTYLINE_WHATEVER is not a setting and has no effect.");
  }

  @Test
  void names_that_kubernetes_injects_do_not_warn() {
    var injected =
        new Settings(
            Map.of(
                "PARTYLINE_SERVICE_HOST", "10.0.0.1",
                "PARTYLINE_SERVICE_PORT_HTTP", "80",
                "PARTYLINE_PORT", "tcp://10.0.0.1:80",
                "PARTYLINE_GATEWAY_PORT_80_TCP_ADDR", "10.0.0.1"));

    assertThat(injected.warnings()).isEmpty();
  }

  @Test
  void a_name_missing_from_the_table_can_not_be_read() {
    assertThatThrownBy(() -> new Settings(Map.of()).text("PARTYLINE_FREE_PORT", ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void no_name_ends_like_one_that_kubernetes_injects() {
    assertThat(Settings.NAMES).noneMatch(name -> name.endsWith("_PORT"));
  }
}
