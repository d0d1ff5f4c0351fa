package partyline.gateway.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DisplayNameTest {

  @Test
  void an_accent_meets_its_letter_once_what_stood_between_them_is_gone() {
    assertThat(DisplayName.of("Andre\u0000\u0301")).contains("Andr\u00e9");
    assertThat(DisplayName.of("Andre\u202e\u0301")).contains("Andr\u00e9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "\u200d",
        "\u200c\u200d\u200c",
        " \u200d ",
        "\u00a0",
        "\ufe0f",
        "\u0301",
        "\u3164",
        "\uffa0\u115f\u1160",
        "\u2800",
        "\u202e\u0007"
      })
  void a_name_of_nothing_to_see_is_none(String text) {
    assertThat(DisplayName.of(text)).isEmpty();
  }

  @Test
  void joiners_stay_where_they_make_something() {
    String family = "\ud83d\udc69\u200d\ud83d\udc67";
    assertThat(DisplayName.of(family)).contains(family);
    assertThat(DisplayName.of("\u0646\u0645\u06cc\u200c\u062f\u0627\u0646"))
        .contains("\u0646\u0645\u06cc\u200c\u062f\u0627\u0646");
  }

  @Test
  void a_name_is_cut_at_64_code_points_after_it_was_composed() {
    assertThat(DisplayName.of("e\u0301".repeat(80))).contains("\u00e9".repeat(64));
  }
}
