package partyline.deploy.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.deploy.cluster.LocalClusterBuilder;

/** The page that says how the whole cluster is, for who looks after it. */
final class OpsPageTest extends BrowserTest {

  private static final String TOKEN = "whoever knows this may drain";

  @Override
  protected LocalClusterBuilder plan(LocalClusterBuilder cluster) {
    return cluster
        .gateways(2)
        .workers(1)
        .setting("PARTYLINE_CANARY_SECONDS", "1")
        .setting("PARTYLINE_OPS_TOKEN", TOKEN);
  }

  @BeforeEach
  void somebodyTalks() throws Exception {
    try (var site = new Site(cluster())) {
      site.say("news", 1, 20);
    }
  }

  @Test
  void it_says_in_one_sentence_whether_users_are_hurt_and_then_everything() {
    Page page = open(1280, 1600, ColorScheme.LIGHT);

    assertThat(page.getByRole(AriaRole.STATUS)).hasText("Users are fine.");
    assertThat(page.locator("#gateways")).containsText("gateway-2");
    assertThat(page.locator("#gateways")).containsText("live");
    assertThat(page.locator("#jobs")).containsText("inboxes");
    assertThat(page.locator("#redis")).containsText("entries");
    assertThat(page.locator("#timeline")).containsText("start");
    assertThat(page.locator(".tile", new Page.LocatorOptions().setHasText("canary")))
        .containsText(Pattern.compile("\\d ms"));
    assertThat(page.locator("canvas")).hasCount(4);
    Browser.shoot(page, "ops-1280");

    Assertions.assertThat(browser().complaints()).isEmpty();
  }

  @Test
  void it_can_be_read_on_a_telephone() {
    Page page = open(360, 2200, ColorScheme.DARK);

    assertThat(page.getByRole(AriaRole.STATUS)).hasText("Users are fine.");
    assertThat(page.locator("#gateways")).containsText("gateway-2");
    Browser.shoot(page, "ops-360");

    Object overflow =
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    Assertions.assertThat(overflow).isEqualTo(0);
  }

  @Test
  void a_node_tells_of_itself_and_is_drained_by_who_knows_the_token() {
    Page page = open(1280, 900, ColorScheme.LIGHT);
    page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("gateway-2")).click();
    assertThat(page.locator("#node-numbers")).containsText("partyline_feed_silence_seconds");

    page.getByLabel("Token").fill("somebody who guesses");
    page.getByText("Drain this node").click();
    assertThat(page.locator("#drain-says")).hasText("That is not the token.");

    page.getByLabel("Token").fill(TOKEN);
    page.getByText("Drain this node").click();
    assertThat(page.locator("#drain-says")).hasText("It was asked to leave.");
    assertThat(page.locator("#node-numbers")).containsText("it has left");
    cluster().gateway(2).restart();
  }

  private Page open(int width, int height, ColorScheme scheme) {
    URI ops = cluster().gateway(1).opsUrl().resolve("/ops");
    Page page =
        browser()
            .person(new NewContextOptions().setViewportSize(width, height).setColorScheme(scheme))
            .newPage();
    page.navigate(ops.toString());
    return page;
  }
}
