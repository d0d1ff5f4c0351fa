package partyline.gateway.http;

import java.util.regex.Pattern;

/** What programs write for Slack, as our Markdown: links, and the three letters that it escapes. */
final class SlackText {

  /** {@code <https://example.com|label>} or {@code <https://example.com>}. */
  private static final Pattern LINK = Pattern.compile("<(https?://[^|>\\s]+)(?:\\|([^>]*))?>");

  /** {@code <!here>}, {@code <@U024BE7LH>}, {@code <#C024BE7LR|general>}: nobody of ours. */
  private static final Pattern MENTION = Pattern.compile("<[!@#][^|>]*(?:\\|([^>]*))?>");

  private SlackText() {}

  static String toMarkdown(String text) {
    String linked =
        LINK.matcher(text)
            .replaceAll(link ->
                java.util.regex.Matcher.quoteReplacement(
                    link.group(2) == null || link.group(2).isEmpty()
                        ? link.group(1)
                        : "[" + link.group(2) + "](" + link.group(1) + ")"));
    String plain =
        MENTION
            .matcher(linked)
            .replaceAll(mention ->
                java.util.regex.Matcher.quoteReplacement(
                    mention.group(1) == null ? "" : mention.group(1)));
    return plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
  }
}
