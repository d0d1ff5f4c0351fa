package partyline.deploy.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.Test;

/** The page of a node, for who just opens it. */
final class PageTest extends BrowserTest {

  @Test
  void two_guests_talk_to_each_other() {
    Page ada = guest("Ada");
    Page bob = guest("Bob");

    say(ada, "Hello, Bob!");
    assertThat(bob.locator("[part~=message]").getByText("Hello, Bob!")).isVisible();
    say(bob, "Hello, Ada!");
    assertThat(ada.locator("[part~=message]").getByText("Hello, Ada!")).isVisible();

    assertThat(browser().complaints()).isEmpty();
  }

  private Page guest(String name) {
    Page page = browser().page(cluster().urls().getFirst());
    page.getByPlaceholder("Your name").fill(name);
    return page;
  }

  private static void say(Page page, String text) {
    page.getByPlaceholder("Write a message").fill(text);
    page.keyboard().press("Enter");
  }
}
