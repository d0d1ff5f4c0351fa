package partyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import partyline.room.Settings;

class LogFormatTest {

  private static Map<String, String> set(String word) {
    return Map.of("PARTYLINE_LOG", word);
  }

  @Test
  void lines_are_for_people_unless_json_is_asked_for() {
    assertThat(LogFormat.of(Map.of())).isEqualTo(LogFormat.TEXT);
    assertThat(LogFormat.of(set(""))).isEqualTo(LogFormat.TEXT);
    assertThat(LogFormat.of(set("JSON"))).isEqualTo(LogFormat.JSON);
  }

  @Test
  void a_wrong_word_stops_the_start() {
    assertThatThrownBy(() -> LogFormat.of(set("jsno")))
        .isInstanceOf(Settings.Wrong.class)
        .hasMessage("PARTYLINE_LOG is \"jsno\". Write text or json.");
  }

  @Test
  void a_wrong_word_silences_nothing() {
    assertThat(LogFormat.Chosen.appender(set("jsno"))).isEqualTo("text");
    assertThat(LogFormat.Chosen.appender(set(""))).isEqualTo("text");
    assertThat(LogFormat.Chosen.appender(set("Json"))).isEqualTo("json");
  }
}
