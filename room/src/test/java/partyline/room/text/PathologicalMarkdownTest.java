package partyline.room.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import partyline.room.Limits;

/**
 * The worst that fits into a message costs what its length costs, no more. Steps are counted by
 * what they leave behind (bytes allocated by the thread, nodes, HTML), which is the same on a busy
 * machine; a clock is not.
 */
final class PathologicalMarkdownTest {

  private static final long BYTES_PER_CHARACTER = 8 * 1024;

  static Stream<String> worst() {
    return Stream.of(
        "*",
        "**",
        "_",
        "*a ",
        "*a_ ",
        "**a *b ",
        "a*",
        "*_",
        "[",
        "]",
        "![",
        "[a](",
        "[a]",
        "[](",
        "[a](<b",
        "a](",
        "`",
        "`` ",
        "` `` ```  ",
        "\\",
        "&",
        "&amp;",
        "<",
        "<a",
        "<!--",
        "<?",
        "<![CDATA[",
        ">",
        "> ",
        ">\n",
        "- ",
        "-\n",
        "1. ",
        "* a\n",
        " ",
        "\n",
        "```\n",
        "~~~",
        "#",
        "=\n",
        "https://",
        "http://a",
        "www.",
        "a@",
        "a@b.c ",
        "a.b ",
        "(",
        "\"",
        "<https://a.b>",
        "[a]: b\n",
        "[a]:",
        "😀",
        "é",
        "\u0301",
        "{{",
        "'",
        "\t");
  }

  @ParameterizedTest
  @MethodSource("worst")
  void a_repeated_mark_costs_no_more_than_its_length(String mark) {
    String text = filled(mark);
    Markdown.toHtml(text);
    long before = allocated();

    String html = Markdown.toHtml(text);

    assertThat(allocated() - before).isLessThan(BYTES_PER_CHARACTER * Limits.TEXT_CODE_POINTS);
    assertThat(html.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(Limits.HTML_BYTES);
    assertThat(nodes(Markdown.parse(text))).isLessThan(2L * Limits.TEXT_CODE_POINTS);
  }

  @Test
  void marks_that_open_and_close_nest_no_deeper_than_the_bound() {
    for (String mark : new String[] {"*", "**", "_", "*_", "[", "> ", "- ", "1. ", "> - "}) {
      int count = Limits.TEXT_CODE_POINTS / (2 * mark.length() + 1);
      String close = mark.equals("[") ? "](a:b)" : new StringBuilder(mark).reverse().toString();
      String text = mark.repeat(count) + "x" + close.repeat(count / close.length());

      assertThat(depth(Markdown.parse(text)))
          .as(mark)
          .isLessThan(2 * (Limits.MARKDOWN_BLOCK_NESTING + Limits.MARKDOWN_INLINE_NESTING));
      assertThat(Markdown.toHtml(text)).isNotEmpty();
    }
  }

  @Test
  void one_definition_that_is_used_a_thousand_times_is_shown_as_typed() {
    String text = "[a]: https://b.example/" + "c".repeat(1_000) + "\n\n" + "[a]".repeat(900);

    assertThat(Markdown.toHtml(text)).isEqualTo(Markdown.asTyped(text));
  }

  private static String filled(String mark) {
    int points = mark.codePointCount(0, mark.length());
    return mark.repeat(Limits.TEXT_CODE_POINTS / points);
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private static long nodes(Node root) {
    long count = 0;
    for (Node node = root; node != null; node = following(node, root)) {
      count++;
    }
    return count;
  }

  private static int depth(Node root) {
    int deepest = 0;
    for (Node node = root; node != null; node = following(node, root)) {
      int depth = 0;
      for (Node up = node; up != null; up = up.getParent()) {
        depth++;
      }
      deepest = Math.max(deepest, depth);
    }
    return deepest;
  }

  private static @Nullable Node following(Node node, Node root) {
    if (node.getFirstChild() != null) {
      return node.getFirstChild();
    }
    for (Node up = node; up != null && !up.equals(root); up = up.getParent()) {
      if (up.getNext() != null) {
        return up.getNext();
      }
    }
    return null;
  }
}
