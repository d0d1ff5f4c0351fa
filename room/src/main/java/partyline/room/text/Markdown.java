package partyline.room.text;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.commonmark.ext.autolink.AutolinkExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.ListBlock;
import org.commonmark.node.Node;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import partyline.room.Limits;

/**
 * Turns a message's text into HTML that a page may show as it is.
 *
 * <p>Of CommonMark it knows what people use in a chat: emphasis, code, links, quotes and lists, and
 * a line break is a line break. Headings, rules, images and indented code are not parsed, so their
 * marks stay what was typed; raw HTML is shown, never obeyed. Two independent libraries stand
 * between a text and a page: the renderer escapes, and {@link SafeHtml} then lets through what is
 * on its list and nothing else.
 *
 * <p>Nesting is bounded while parsing and the HTML while it is written; a text that would pass the
 * bound (a thousand short links) is shown as it was typed. So is one the parser can't take: a
 * message is never refused for its looks.
 *
 * <p>Thread-safe.
 */
public final class Markdown {

  private static final Parser PARSER =
      Parser.builder()
          .extensions(List.of(AutolinkExtension.create()))
          .enabledBlockTypes(Set.of(BlockQuote.class, FencedCodeBlock.class, ListBlock.class))
          .maxOpenBlockParsers(Limits.MARKDOWN_BLOCK_NESTING)
          .maxInlineNesting(Limits.MARKDOWN_INLINE_NESTING)
          .includeSourceSpans(IncludeSourceSpans.BLOCKS)
          .build();

  /** From here on the sanitizer writes letters as numbers. */
  private static final int ODD_FORMS = 0xFE00;

  /** Beside letters and digits. */
  private static final String PLAIN_MARKS = " ,.;?!'\"()%/-";

  private Markdown() {}

  /**
   * @param text clean, see {@link partyline.room.MessageText}
   * @return at most {@link Limits#HTML_BYTES} of HTML
   */
  public static String toHtml(String text) {
    return isPlain(text) ? asTyped(text) : parsed(text);
  }

  /**
   * Whether a text surely looks as it was typed, as most do: one line of words, without anything
   * that begins a block, marks an inline, could be an address or is written in another way by the
   * libraries. A quarter of what a post made a gateway allocate was theirs.
   */
  static boolean isPlain(String text) {
    return !text.isEmpty()
        && Character.isLetter(text.charAt(0))
        && !text.endsWith(" ")
        && text.chars().allMatch(Markdown::isPlain)
        && !text.toLowerCase(Locale.ROOT).contains("www.");
  }

  private static boolean isPlain(int character) {
    return character < ODD_FORMS && Character.isLetterOrDigit(character)
        || PLAIN_MARKS.indexOf(character) >= 0;
  }

  /** As the libraries show it. */
  static String parsed(String text) {
    try {
      var rendered = new BoundedHtml(Limits.HTML_BYTES);
      renderer(text).render(PARSER.parse(text), rendered);
      String html = SafeHtml.sanitize(rendered.toString()).stripTrailing();
      if (html.getBytes(StandardCharsets.UTF_8).length <= Limits.HTML_BYTES) {
        return html;
      }
    } catch (BoundedHtml.Overflow tooLong) {
      // As it was typed, then.
    }
    return asTyped(text);
  }

  private static HtmlRenderer renderer(String text) {
    return HtmlRenderer.builder()
        .escapeHtml(true)
        .softbreak("<br />")
        .nodeRendererFactory(context -> new TypedNodes(context, text))
        .build();
  }

  /** Escaped, and nothing else: at most six bytes for a character. */
  static String asTyped(String text) {
    var html = new StringBuilder(text.length() + 64).append("<p>");
    text.chars()
        .forEach(character -> {
          switch (character) {
            case '&' -> html.append("&amp;");
            case '<' -> html.append("&lt;");
            case '>' -> html.append("&gt;");
            case '"' -> html.append("&#34;");
            case '\'' -> html.append("&#39;");
            case '\n' -> html.append("<br />");
            default -> html.append((char) character);
          }
        });
    return html.append("</p>").toString();
  }

  /** The tree, for the tests that count it. */
  static Node parse(String text) {
    return PARSER.parse(text);
  }
}
