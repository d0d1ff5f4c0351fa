package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTextTest {

  private static MessageText clean(String text) {
    return new MessageText.Clean(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello",
        "two\nlines\tand a tab",
        "👩\u200d🚀",
        "می\u200cخواهم",
        "\u2067עברית\u2069 \u200eabc\u200f",
        "\"quotes\" \\ <b>&amp;"
      })
  void what_people_write_stays_as_it_is(String text) {
    assertThat(MessageText.of(text)).isEqualTo(clean(text));
  }

  @Test
  void control_characters_and_overrides_are_left_out() {
    assertThat(MessageText.of("a\r\nb\0c\u001b[31m\u0085\u202edlrow\u202c"))
        .isEqualTo(clean("a\nbc[31mdlrow"));
  }

  @Test
  void a_letter_and_its_accent_become_one() {
    assertThat(MessageText.of("e\u0301")).isEqualTo(clean("\u00e9"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " \n\t", "\0\1\u001f", "\u200b\u2060", "\u202a\u202e", "\u3000"})
  void a_text_that_shows_nothing_is_empty(String text) {
    assertThat(MessageText.of(text)).isEqualTo(new MessageText.Refused("is empty"));
  }

  @Test
  void a_text_may_have_4000_code_points_and_no_more() {
    assertThat(MessageText.of("👋".repeat(4_000))).isEqualTo(clean("👋".repeat(4_000)));
    assertThat(MessageText.of("x".repeat(4_001)))
        .isEqualTo(new MessageText.Refused("is longer than 4000 characters"));
  }

  @Test
  void half_of_a_surrogate_pair_is_refused() {
    assertThat(MessageText.of("a\ud83d")).isInstanceOf(MessageText.Refused.class);
  }
}
