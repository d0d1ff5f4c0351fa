package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class NodeNameTest {

  @Test
  void a_name_is_taken_as_it_was_told() {
    assertThat(NodeName.told(new Settings(Map.of("PARTYLINE_NODE", "rack-7.a"))))
        .hasValue("rack-7.a");
    assertThat(NodeName.told(new Settings(Map.of()))).isEmpty();
  }

  @Test
  void a_wrong_name_stops_the_start_with_a_sentence() {
    var settings = new Settings(Map.of("PARTYLINE_NODE", "a b"));

    assertThatExceptionOfType(Settings.Wrong.class)
        .isThrownBy(() -> NodeName.told(settings))
        .withMessageContaining("Write 1 to 64 letters");
  }

  @Test
  void a_unique_name_is_a_name_again_however_long_it_was() {
    String unique = NodeName.unique("n".repeat(64));

    assertThat(NodeName.told(new Settings(Map.of("PARTYLINE_NODE", unique)))).hasValue(unique);
    assertThat(NodeName.unique("a")).isNotEqualTo(NodeName.unique("a"));
  }
}
