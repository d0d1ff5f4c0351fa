package partyline.deploy.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import partyline.deploy.cluster.LocalClusterBuilder;
import partyline.deploy.load.LoadPlan;
import partyline.deploy.load.LoadPlan.Transport;
import partyline.deploy.load.LoadRun;

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

    Assertions.assertThat(browser().complaints()).isEmpty();
  }

  @Test
  void it_can_be_read_on_a_telephone() {
    Page page = open(360, 2200, ColorScheme.DARK);

    assertThat(page.getByRole(AriaRole.STATUS)).hasText("Users are fine.");
    assertThat(page.locator("#gateways")).containsText("gateway-2");

    Object overflow =
        page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth");
    Assertions.assertThat(overflow).isEqualTo(0);
  }

  /**
   * What the README shows. To take the pictures anew: {@code
   * PARTYLINE_TEST_PICTURES=$PWD/deploy/pictures mvn -pl deploy -am test -DexcludedGroups=none
   * -Dtest=OpsPageTest -Dsurefire.failIfNoSpecifiedTests=false}.
   */
  @Test
  @Tag("more-faults")
  void it_shows_a_minute_of_talk() throws Exception {
    Page wide = open(1280, 1240, ColorScheme.LIGHT);
    Page narrow = open(360, 1000, ColorScheme.DARK);
    var identity = new LoadPlan.Identity(cluster().data().toString(), null, false);
    var talk =
        new LoadPlan(
            cluster().urls(),
            300,
            12,
            60,
            0,
            60,
            Transport.MIXED,
            100,
            100,
            1,
            identity,
            List.of());

    Assertions.assertThat(new LoadRun(talk, line -> {}).run().isClean()).isTrue();

    assertThat(wide.locator("#rooms")).containsText("load-");
    Browser.shoot(wide, "ops-1280");
    Browser.shoot(narrow, "ops-360");
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
