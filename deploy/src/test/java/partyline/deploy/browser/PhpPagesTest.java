package partyline.deploy.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.cluster.LocalCluster;
import partyline.deploy.site.PhpSite;

/** The pages of the PHP example, in a browser that keeps their policy. */
@Timeout(480)
final class PhpPagesTest {
  @TempDir Path data;
  @TempDir Path folder;

  @Test
  void members_chat_and_see_what_is_shipped_without_loading_the_page_anew() throws Exception {
    try (var browser = Browser.open();
        var cluster = LocalCluster.start(data, 1, 0);
        var site = PhpSite.start(folder, cluster)) {
      Page ada = Member.logIn(browser, site.url(), "ada");
      Page bob = Member.logIn(browser, site.url(), "bob");
      ChatPage chat = ChatPage.of(ada);
      assertThat(chat.status()).hasText("Connected");

      URI orders = site.url().resolve("/orders.php");
      bob.navigate(orders.toString());
      Page other = ada.context().newPage();
      other.navigate(orders.toString());
      assertThat(other.locator("#line")).hasText("live by sse");
      assertThat(state(other, 4712)).hasText("packed");
      bob.locator("tr[data-order='4712'] button").click();

      assertThat(state(other, 4712)).hasText("shipped");
      assertThat(state(bob, 4712)).hasText("shipped");
      chat.awaitText("Order 4712 was shipped.");
      Browser.shoot(ada, "php-chat");
      Browser.shoot(other, "php-orders");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void a_loop_of_long_polls_and_a_polyfill_go_on_with_another_url() throws Exception {
    try (var browser = Browser.open();
        var cluster = LocalCluster.start(data, 1, 0);
        var site = PhpSite.start(folder, cluster)) {
      Page ada = Member.logIn(browser, site.url(), "ada");
      Page bob = Member.logIn(browser, site.url(), "bob");
      ChatPage chat = ChatPage.of(bob);
      assertThat(chat.status()).hasText("Connected");
      chat.say("What was said before");
      ada.navigate(site.url().resolve("/clients.php").toString());
      assertHears(ada, 1, "What was said before");

      chat.say("And what is said now");

      assertHears(ada, 2, "And what is said now");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  private static void assertHears(Page clients, int number, String text) {
    for (String list : new String[] {"#loop li", "#polyfill li"}) {
      assertThat(clients.locator(list)).hasCount(number);
      assertThat(clients.locator(list).last()).hasText(text);
    }
  }

  private static Locator state(Page orders, int number) {
    return orders.locator("tr[data-order='" + number + "'] td").first();
  }
}
