package partyline.room.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever somebody types, the HTML holds nothing but a handful of harmless tags. Judged by a
 * grammar of its own, stricter than any browser: each {@code <} must begin one of these tags.
 */
final class EvasionTest {

  private static final Pattern TAG =
      Pattern.compile(
          "</?(?:p|em|strong|code|pre|blockquote|ul|ol|li|a)>|<br />|<!-- -->"
              + "|<code class=\"language-[A-Za-z0-9+#._&;-]+\">|<ol start=\"\\d{1,9}\">"
              + "|<a href=\"(?:https?://|mailto:)[^\"<>\\s]*\""
              + " rel=\"ugc nofollow noopener\" target=\"_blank\">",
          Pattern.CASE_INSENSITIVE);

  static Stream<String> evasions() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(EvasionTest.class.getResourceAsStream("evasions.txt"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replace("\\n", "\n").replace("\\t", "\t"));
    }
  }

  @ParameterizedTest
  @MethodSource("evasions")
  void no_evasion_gets_a_tag_of_its_own_onto_the_page(String evasion) {
    assertHarmless(Markdown.toHtml(evasion));
    assertHarmless(Markdown.asTyped(evasion));
  }

  @Test
  void the_corpus_has_not_shrunk() throws IOException {
    assertThat(evasions()).hasSizeGreaterThan(150).doesNotHaveDuplicates();
  }

  @Property(tries = 2_000)
  void no_mixture_of_marks_and_evasions_does_either(@ForAll("mixtures") String text) {
    assertHarmless(Markdown.toHtml(text));
  }

  @Provide
  Arbitrary<String> mixtures() throws IOException {
    Arbitrary<String> pieces =
        Arbitraries.oneOf(
            Arbitraries.of(evasions().toList()),
            Arbitraries.of(
                "*",
                "**",
                "_",
                "`",
                "```\n",
                "[",
                "](",
                ")",
                "![",
                "<",
                ">",
                "\n",
                "\n\n",
                "> ",
                "- ",
                "1. ",
                "\"",
                "'",
                "&",
                "\\",
                "a",
                "https://b.example",
                "javascript:"));
    return pieces.list().ofMaxSize(12).map(list -> String.join("", list));
  }

  private static void assertHarmless(String html) {
    Matcher tag = TAG.matcher(html);
    for (int at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) {
      assertThat(tag.find(at) && tag.start() == at).as(html.substring(at) + " in " + html).isTrue();
    }
    assertThat(html.replaceAll("<[^>]*>", "")).doesNotContain(">", "\"");
  }
}
