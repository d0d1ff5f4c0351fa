package partyline.room.text;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.PolicyFactory;

/**
 * The list of what a message's HTML may hold; all else is dropped or escaped.
 *
 * <p>Links lead to http, https and mailto and name it: a relative one would point into the site
 * that embeds the chat, and somebody's "/logout" must not look like the site's own. They open
 * beside the page ({@code target}), carry nothing back to it ({@code noopener}) and earn their
 * author nothing ({@code ugc nofollow}).
 */
final class SafeHtml {

  private static final Pattern LANGUAGE = Pattern.compile("language-[A-Za-z0-9+#._-]{1,32}");
  private static final List<String> SCHEMES = List.of("http://", "https://", "mailto:");

  private static final PolicyFactory POLICY =
      new HtmlPolicyBuilder()
          .allowElements("p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li")
          .allowAttributes("class")
          .matching(LANGUAGE)
          .onElements("code")
          .allowAttributes("start")
          .matching(Pattern.compile("\\d{1,9}"))
          .onElements("ol")
          .allowUrlProtocols("http", "https", "mailto")
          .allowAttributes("href")
          .onElements("a")
          // It would add noreferrer to what opens beside the page: sites like to know who links.
          .skipRelsOnLinks("noreferrer")
          .allowElements((element, attributes) -> link(element, attributes), "a")
          .toFactory();

  private SafeHtml() {}

  static String sanitize(String html) {
    return POLICY.sanitize(html);
  }

  /** The attributes come as name, value, name, value; null drops the tag and keeps its text. */
  private static @Nullable String link(String element, List<String> attributes) {
    int at = attributes.indexOf("href");
    if (at < 0 || !isNamed(attributes.get(at + 1))) {
      return null;
    }
    String url = attributes.get(at + 1);
    attributes.clear();
    attributes.addAll(List.of("href", url, "rel", "ugc nofollow noopener", "target", "_blank"));
    return element;
  }

  private static boolean isNamed(String url) {
    String start = url.toLowerCase(Locale.ROOT);
    return SCHEMES.stream().anyMatch(start::startsWith);
  }
}
