package partyline.deploy.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import partyline.room.text.Markdown;

/**
 * Whatever people write, wherever it is shown: no script runs, and the page's policy has nothing to
 * refuse. The corpus is that of the Markdown tests; here a real browser is the judge.
 */
final class EvasionsOnPageTest extends BrowserTest {
  private static final int NAME_CODE_POINTS = 64;
  private static final int TITLE_CODE_POINTS = 120;

  /** Runs before anything of the page does. */
  private static final String WITNESS =
      """
      window.fired = [];
      for (const name of ["alert", "confirm", "prompt"]) {
        window[name] = (what) => window.fired.push(name + " " + what);
      }
      document.addEventListener("securitypolicyviolation", (event) =>
        window.fired.push(event.violatedDirective + " " + event.blockedURI));
      """;

  /** What of a message could act, were it there. */
  private static final String ACTIVE =
      """
      () => {
        const root = document.querySelector("partyline-chat").shadowRoot;
        const found = [];
        for (const each of root.querySelectorAll("*")) {
          for (const { name, value } of each.attributes) {
            if (/^on/i.test(name) || /^(href|src|action|formaction|xlink:href)$/i.test(name)
                && !/^(https?:\\/\\/|mailto:)/i.test(value)) {
              found.push(each.localName + " " + name + "=" + value);
            }
          }
          if (/^(script|iframe|object|embed|style|link|meta|base|img|image|video|audio|math)$/i.test(each.localName)) {
            found.push(each.localName);
          }
        }
        return found;
      }
      """;

  private static final String LOAD_OLDER =
      """
      async () => {
        const { room } = document.querySelector("partyline-chat");
        await room.older();
        return room.hasOlder;
      }
      """;

  @Test
  void nothing_that_people_write_runs() throws IOException {
    List<String> evasions = evasions();
    assertThat(evasions).hasSizeGreaterThan(150);
    Somebody site = Somebody.ofTheSite(cluster());
    for (String evasion : evasions) {
      // In a text, as a link's target, in its name, and in the data that comes with it.
      site.say("evasions", Map.of("text", evasion, "data", Map.of("html", evasion, evasion, "x")));
      site.say("evasions", "[link](" + evasion + ") [" + evasion + "](https://example.com)");
    }
    String answered = site.say("evasions", evasions.getFirst());

    try (BrowserContext person = browser().person()) {
      person.addInitScript(WITNESS);
      Page page = person.newPage();
      page.navigate(Somebody.page(cluster(), "evasions", "").toString());
      assertThat(page.locator("[part~=message]").last()).isVisible();
      loadAll(page);

      // What was said, and not what a browser might have made of it.
      assertThat(page.locator("[part~=message] [part~=text]")).hasCount(evasions.size() * 2 + 1);
      assertInert(page);

      site.say("evasions", Map.of("text", "<b>well</b>", "reply_to", answered));
      site.ask("PUT", "rooms/evasions/messages/" + answered + "/pin", null);
      assertThat(page.locator("[part~=quote]")).isVisible();
      page.locator("[part~=pins]").click();
      assertThat(page.locator("[part~=popup]")).isVisible();
      assertInert(page);
    }
  }

  @Test
  void names_and_titles_are_names_and_titles() throws IOException {
    List<String> evasions = evasions();
    Somebody site = Somebody.ofTheSite(cluster());
    try (BrowserContext person = browser().person()) {
      person.addInitScript(WITNESS);
      Page page = person.newPage();
      page.navigate(Somebody.page(cluster(), "names", "").toString());
      int spoken = 0;
      for (String evasion : evasions) {
        String name = cut(evasion, NAME_CODE_POINTS);
        var settings =
            Map.<String, Object>of(
                "title", cut(evasion, TITLE_CODE_POINTS), "topic", cut(evasion, 500));
        if (!name.isBlank()) {
          spoken++;
          Somebody.named(cluster(), "named-" + spoken, name).say("names", "hello " + spoken);
          site.ask("PATCH", "rooms/names", settings);
        }
      }
      assertThat(page.getByText("hello " + spoken, new Page.GetByTextOptions().setExact(true)))
          .isVisible();
      assertInert(page);
    }
  }

  private static void loadAll(Page page) {
    while (Boolean.TRUE.equals(page.evaluate(LOAD_OLDER))) {
      // Page by page, as somebody would who scrolls up.
    }
  }

  private void assertInert(Page page) {
    // One turn for whatever would have loaded or fired by itself.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))");
    assertThat((List<?>) page.evaluate(ACTIVE)).isEmpty();
    assertThat((List<?>) page.evaluate("() => window.fired")).isEmpty();
    assertThat(browser().complaints()).isEmpty();
  }

  private static String cut(String text, int codePoints) {
    int most = Math.min(codePoints, text.codePointCount(0, text.length()));
    return text.substring(0, text.offsetByCodePoints(0, most));
  }

  private static List<String> evasions() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(Markdown.class.getResourceAsStream("evasions.txt"))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.replace("\\n", "\n").replace("\\t", "\t"))
          .toList();
    }
  }
}
