package partyline.room.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words a room does not want. */
final class WordFilterTest {

  private static final WordFilter FILTER = new WordFilter(List.of("ass", "Bad Word", "café", "坏话"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ass",
        "An ASS!",
        "(ass)",
        "a\u200bs\u200ds",
        "\uff41\uff53\uff53",
        "a\u00ads\u2060s",
        "a\u0336s\u0336s\u0336",
        "bad  word",
        "BAD\nword.",
        "bad\u00a0word",
        "Café",
        "你说坏话了"
      })
  void a_word_is_found_whatever_it_wears(String text) {
    assertThat(FILTER.matches(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"class", "assets", "bad", "badword", "cafe", "as s", "7ass", ""})
  void another_word_is_left_alone(String text) {
    assertThat(FILTER.matches(text)).isFalse();
    assertThat(FILTER.mask(text)).isEqualTo(text);
  }

  @Test
  void a_masked_word_leaves_as_many_dots() {
    assertThat(FILTER.mask("what an ass, bad word!")).isEqualTo("what an •••, ••• ••••!");
  }

  @Test
  void the_longest_word_is_masked() {
    var filter = new WordFilter(List.of("bad", "bad word"));

    assertThat(filter.mask("bad word bad")).isEqualTo("••• •••• •••");
  }

  @Test
  void a_word_beyond_the_basic_plane_is_masked_whole() {
    assertThat(new WordFilter(List.of("𝔟𝔞𝔡")).mask("so bad 𝔟𝔞𝔡")).isEqualTo("so ••• •••");
  }

  @Test
  void what_folds_to_nothing_is_no_word() {
    assertThat(WordFilter.isWord("ok")).isTrue();
    assertThat(WordFilter.isWord(" \u200b ")).isFalse();
    assertThat(WordFilter.isWord("")).isFalse();
    assertThat(WordFilter.isWord("x".repeat(65))).isFalse();
  }

  @Test
  void a_room_without_words_filters_nothing() {
    assertThat(WordFilter.NONE.matches("ass")).isFalse();
    assertThat(WordFilter.NONE.mask("ass")).isEqualTo("ass");
  }

  @Test
  void many_words_that_almost_match_cost_one_walk_each_place() {
    var filter =
        new WordFilter(IntStream.range(0, 200).mapToObj(i -> "a ".repeat(31) + i).toList());

    assertThat(filter.matches("a ".repeat(2_000))).isFalse();
  }

  @Property
  void masking_leaves_nothing_to_find(@ForAll String before, @ForAll String after) {
    String text = before + " ass " + after;

    assertThat(FILTER.matches(text)).isTrue();
    assertThat(FILTER.matches(FILTER.mask(text))).isFalse();
  }
}
