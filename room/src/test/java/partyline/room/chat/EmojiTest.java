package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one can react with. */
final class EmojiTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "😀",
        "👍🏽",
        "👩‍👩‍👧‍👦",
        "🇩🇪",
        "❤️",
        "1️⃣",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "🏳️‍🌈",
        ":party_parrot:",
        ":+1:"
      })
  void one_emoji_is_taken_as_it_is(String text) {
    assertThat(Emoji.of(text).map(Emoji::value)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a",
        "1",
        "#",
        "ok",
        "😀😀",
        "😀a",
        "a\u20e3",
        "\u200d",
        "\ufe0f",
        "🇩",
        "🏽😀",
        ":",
        "::",
        ":A:",
        ":a b:",
        ":<b>:",
        "<",
        "中",
        "\ud83d",
        "©x",
        "😀\u0301\u0301"
      })
  void all_else_is_not(String text) {
    assertThat(Emoji.of(text)).isEmpty();
  }

  @Test
  void two_ways_to_write_one_emoji_are_one() {
    assertThat(Emoji.of("\u2764")).isEqualTo(Emoji.of("\u2764\ufe0f")).isPresent();
  }

  @Test
  void a_chain_without_end_is_refused() {
    assertThat(Emoji.of("👩" + "\u200d👩".repeat(1_000))).isEmpty();
  }
}
