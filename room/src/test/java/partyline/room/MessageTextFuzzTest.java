package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever people send, what others read is clean. */
final class MessageTextFuzzTest {

  @Property(tries = 3_000)
  void a_clean_text_is_normal_bounded_and_free_of_controls(@ForAll("texts") String raw) {
    if (MessageText.of(raw) instanceof MessageText.Clean(String text)) {
      assertThat(Normalizer.isNormalized(text, Normalizer.Form.NFC)).isTrue();
      assertThat(text.codePointCount(0, text.length())).isBetween(1, 4_000);
      assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(16_384);
      assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text)).isTrue();
      assertThat(text).doesNotContainPattern("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u202a-\u202e]");
      assertThat(text.strip()).isNotEmpty();
    }
  }

  @Property(tries = 3_000)
  void cleaning_twice_changes_nothing(@ForAll("texts") String raw) {
    if (MessageText.of(raw) instanceof MessageText.Clean(String text)) {
      assertThat(MessageText.of(text)).isEqualTo(new MessageText.Clean(text));
    }
  }

  @Example
  void a_control_between_a_letter_and_its_accent_does_not_keep_them_apart() {
    assertThat(MessageText.of("e\u0000\u0301")).isEqualTo(new MessageText.Clean("\u00e9"));
    assertThat(MessageText.of("e\u202d\u0301")).isEqualTo(new MessageText.Clean("\u00e9"));
  }

  @Example
  void a_text_counts_as_others_read_it() {
    String decomposed = "e\u0301".repeat(4_000);

    assertThat(MessageText.of(decomposed)).isEqualTo(new MessageText.Clean("\u00e9".repeat(4_000)));
    assertThat(MessageText.of("\u0000".repeat(9_000) + "a")).isEqualTo(new MessageText.Clean("a"));
  }

  @Example
  void a_heap_of_accents_is_refused_before_it_is_sorted() {
    assertThat(MessageText.of("a" + "\u0301\u0323".repeat(8_000)))
        .isInstanceOf(MessageText.Refused.class);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(40),
        Arbitraries.strings()
            .withChars(
                "ae \n\t\r\0\u001b\u0085\u009f\u0301\u0323\u1100\u1161\u11a8\u200b\u200d\u200e"
                    + "\u202a\u202e\u2066\u2069\u212b\ufb01\ud83d\ude00\ufeff")
            .ofMaxLength(20),
        Arbitraries.strings().withChars("a\u0301👩").ofMinLength(3_900).ofMaxLength(4_100));
  }
}
