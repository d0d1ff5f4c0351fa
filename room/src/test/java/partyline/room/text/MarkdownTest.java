package partyline.room.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message looks like. */
final class MarkdownTest {

  private static final List<String> PIECES =
      List.of(
          "a",
          "Z",
          "é",
          "я",
          "ب",
          "中",
          "7",
          "1.",
          "2)",
          " ",
          "  ",
          ".",
          ",",
          ";",
          "?",
          "!",
          "'",
          "\"",
          "(",
          ")",
          "%",
          "/",
          "-",
          "--",
          "//",
          "w",
          "www",
          "WWW.",
          "http",
          "b.example",
          "amp;");

  private static final String LINK = "\" rel=\"ugc nofollow noopener\" target=\"_blank\">";

  @Test
  void a_plain_sentence_is_a_paragraph() {
    assertThat(Markdown.toHtml("hello, world")).isEqualTo("<p>hello, world</p>");
  }

  @Test
  void emphasis_strength_and_code_are_shown() {
    assertThat(Markdown.toHtml("*a* **b** `c < d`"))
        .isEqualTo("<p><em>a</em> <strong>b</strong> <code>c &lt; d</code></p>");
  }

  @Test
  void a_line_break_is_a_line_break() {
    assertThat(Markdown.toHtml("one\ntwo")).isEqualTo("<p>one<br />two</p>");
  }

  @Test
  void fenced_code_keeps_its_lines_and_its_language() {
    assertThat(Markdown.toHtml("```java\nint a;\n  a++;\n```"))
        .isEqualToIgnoringWhitespace(
            "<pre><code class=\"language-java\">int a;\n  a&#43;&#43;;\n</code></pre>");
  }

  @Test
  void quotes_and_lists_are_shown() {
    assertThat(Markdown.toHtml("> said"))
        .isEqualToIgnoringWhitespace("<blockquote><p>said</p></blockquote>");
    assertThat(Markdown.toHtml("- a\n- b"))
        .isEqualToIgnoringWhitespace("<ul><li>a</li><li>b</li></ul>");
    assertThat(Markdown.toHtml("3. a"))
        .isEqualToIgnoringWhitespace("<ol start=\"3\"><li>a</li></ol>");
  }

  @Test
  void links_open_beside_the_page_and_earn_nothing() {
    assertThat(Markdown.toHtml("[a](https://b.example/c)"))
        .isEqualTo("<p><a href=\"https://b.example/c" + LINK + "a</a></p>");
  }

  @Test
  void an_address_in_a_sentence_becomes_a_link() {
    assertThat(Markdown.toHtml("see https://b.example/c."))
        .isEqualTo("<p>see <a href=\"https://b.example/c" + LINK + "https://b.example/c</a>.</p>");
    assertThat(Markdown.toHtml("a@b.example")).contains("<a href=\"mailto:a&#64;b.example" + LINK);
  }

  @Test
  void a_link_into_the_embedding_site_is_only_text() {
    assertThat(Markdown.toHtml("[a](/logout) [b](//c.example)")).isEqualTo("<p>a b</p>");
  }

  @Test
  void an_image_is_a_link_to_it() {
    assertThat(Markdown.toHtml("![a cat](https://b.example/c.png)"))
        .isEqualTo("<p><a href=\"https://b.example/c.png" + LINK + "a cat</a></p>");
    assertThat(Markdown.toHtml("![](https://b.example/c.png)"))
        .isEqualTo(
            "<p><a href=\"https://b.example/c.png" + LINK + "https://b.example/c.png</a></p>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"# loud", "loud\n====", "---", "    indented", "###### small"})
  void what_a_chat_has_no_use_for_stays_as_it_was_typed(String text) {
    assertThat(Markdown.toHtml(text).replaceAll("<[^>]*>", "").replace("&#61;", "="))
        .isEqualTo(text.replace("\n", "").strip());
    assertThat(Markdown.toHtml(text)).doesNotContain("<h", "<hr", "<pre");
  }

  @Test
  void raw_html_is_shown_not_obeyed() {
    assertThat(Markdown.toHtml("<b>x</b>")).isEqualTo("<p>&lt;b&gt;x&lt;/b&gt;</p>");
  }

  @Test
  void a_links_definition_does_not_vanish() {
    assertThat(Markdown.toHtml("[a]: https://b.example")).contains("[a]: https://b.example");
    assertThat(Markdown.toHtml("> [a]: https://b.example\n> 'c'\n\nd"))
        .contains("[a]: https://b.example<br />&#39;c&#39;")
        .contains("<p>d</p>");
  }

  @Test
  void what_looks_like_an_entity_in_the_plain_form_is_escaped_once() {
    assertThat(Markdown.asTyped("a & <b>\n\"c\" 'd'"))
        .isEqualTo("<p>a &amp; &lt;b&gt;<br />&#34;c&#34; &#39;d&#39;</p>");
  }

  @Test
  void a_plain_text_looks_as_the_libraries_would_show_it() {
    for (char character = 0; character < Character.MAX_VALUE; character++) {
      for (String around : List.of("%s", "a%sb %1$s c")) {
        looksAsParsed(around.formatted(character));
      }
    }
  }

  @Test
  void so_does_any_heap_of_plain_characters() {
    var random = new SplittableRandom(20_261_122);
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      int length = 1 + random.nextInt(12);
      for (int word = 0; word < length; word++) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      looksAsParsed(text.toString());
    }
  }

  private static void looksAsParsed(String text) {
    if (Markdown.isPlain(text)) {
      assertThat(Markdown.parsed(text)).as(text).isEqualTo(Markdown.toHtml(text));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"see www.b.example", "a@b.example", "1. a", "- a", "a ", "a\nb", "so *b*"})
  void what_is_more_than_words_is_not_plain(String text) {
    assertThat(Markdown.isPlain(text)).isFalse();
  }
}
