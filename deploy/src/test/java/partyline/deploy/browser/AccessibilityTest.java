package partyline.deploy.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.EmulateMediaOptions;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.assertions.LocatorAssertions.HasTextOptions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat for who does not see it, does not touch it, or reads it the other way round. */
final class AccessibilityTest extends BrowserTest {
  private static final int LEAST_TARGET_PX = 24;

  private static final String VIOLATIONS =
      """
      async () => {
        const { violations } = await axe.run(document, { resultTypes: ["violations"] });
        return violations.map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target.flat().join(" ")).join("; "));
      }
      """;

  private static final String FOCUSED =
      """
      () => {
        const focused = document.querySelector("partyline-chat").shadowRoot.activeElement;
        return focused?.dataset.do ?? focused?.getAttribute("part") ?? focused?.localName ?? "elsewhere";
      }
      """;

  private static final String MOVES =
      "() => document.querySelector('partyline-chat').shadowRoot.getAnimations().length > 0";

  private static final double RESTART_MILLIS = 120_000;

  private final AtomicInteger rooms = new AtomicInteger();
  private String room = "none";

  /** A room of its own for each test, with something in it that is answered, liked and deleted. */
  @BeforeEach
  void fill() {
    room = "heard-" + rooms.incrementAndGet();
    Somebody grace = somebody("grace", "Grace Hopper");
    String question = grace.say(room, "Is **gateway-2** back? See https://example.com/status");
    Somebody linus = somebody("linus", "Linus");
    linus.say(room, Map.of("text", "It is.", "reply_to", question));
    linus.react(room, question, "🎉");
    somebody("laila", "ليلى حداد").say(room, "صباح الخير!");
    String gone = linus.say(room, "oops");
    linus.ask("DELETE", "rooms/" + room + "/messages/" + gone, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"&theme=light", "&theme=dark", "&lang=ar&theme=light", "&lang=de"})
  void axe_finds_nothing(String more) throws IOException {
    Page page = open(somebody("ada", "Ada Lovelace"), more, 1100, 800);
    message(page, 0).focus();
    assertNoViolation(page);

    page.locator("[data-do=react]").click();
    assertNoViolation(page);
    page.keyboard().press("Escape");
    page.locator("[data-do=more]").click();
    assertNoViolation(page);
  }

  @Test
  void new_messages_are_read_out_as_additions_and_nothing_else_is() {
    Page page = open();
    Locator log = page.getByRole(AriaRole.LOG);
    assertThat(log).hasAttribute("aria-live", "polite");
    assertThat(log).hasAttribute("aria-relevant", "additions");
    assertThat(log).isEmpty();

    Somebody grace = somebody("grace", "Grace Hopper");
    String said = grace.say(room, "Tea is ready");
    assertThat(log).hasText("Grace Hopper: Tea is ready");

    grace.react(room, said, "☕");
    assertThat(page.locator("[part~=reaction]").last()).isVisible();
    grace.ask("PATCH", "rooms/" + room + "/messages/" + said, Map.of("text", "Coffee is ready"));
    assertThat(page.getByText("Coffee is ready")).isVisible();
    assertThat(log).hasText("Grace Hopper: Tea is ready");
  }

  @Test
  void many_messages_at_once_are_one_announcement() {
    Page page = open();
    Somebody grace = somebody("grace", "Grace Hopper");
    for (int i = 1; i <= 12; i++) {
      grace.say(room, "message " + i);
    }
    Locator log = page.getByRole(AriaRole.LOG);
    assertThat(log).containsText("new messages from Grace Hopper");
    assertThat(log.locator("p").count()).isLessThan(12);
  }

  @Test
  void who_wants_silence_has_it() {
    Page page = open();
    Locator aloud =
        page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Read new messages aloud"));
    aloud.focus();
    page.keyboard().press("Enter");
    assertThat(aloud).hasAttribute("aria-pressed", "false");
    assertThat(page.locator("[role=log]")).hasAttribute("aria-live", "off");

    somebody("grace", "Grace Hopper").say(room, "Tea is ready");
    assertThat(page.locator("[part~=message]").getByText("Tea is ready")).isVisible();
    assertThat(page.locator("[role=log]")).isEmpty();
  }

  @Test
  void the_connection_is_a_status() {
    Page page = open();
    assertThat(page.getByRole(AriaRole.STATUS)).hasText("Connected");

    page.context().setOffline(true);
    assertThat(page.getByRole(AriaRole.STATUS)).hasText("You are offline.");
    page.context().setOffline(false);
    assertThat(page.getByRole(AriaRole.STATUS)).hasText("Connected");
  }

  @Test
  void who_writes_is_seen_and_never_read_out() {
    Page page = open();
    somebody("grace", "Grace Hopper").ask("POST", "rooms/" + room + "/typing", null);
    Locator typing = page.locator("[part~=typing]");
    assertThat(typing).hasText("Grace Hopper is writing…");
    assertThat(typing).hasAttribute("aria-live", "off");
    assertThat(page.locator("[role=log]")).isEmpty();
  }

  @Test
  void every_text_and_every_name_has_a_direction_of_its_own() {
    Page page = open();
    Locator arabic = page.locator("[part~=text]").getByText("صباح الخير!");
    assertThat(arabic.evaluate("text => getComputedStyle(text.closest('[part~=text]')).direction"))
        .isEqualTo("rtl");
    assertThat(page.locator("[part~=text]:not([dir=auto])")).hasCount(0);
    assertThat(page.locator("[part~=by]:not(bdi)")).hasCount(0);
  }

  @Test
  void everything_is_reached_by_keyboard_and_the_focus_comes_back() {
    Page page = open(somebody("ada", "Ada Lovelace"), "", 1100, 800);
    somebody("grace", "Grace Hopper").say(room, "the last one");
    assertThat(page.getByText("the last one").first()).isVisible();
    field(page).focus();

    // Back from the field: the last message, whatever stands before it.
    page.keyboard().press("Shift+Tab");
    assertThat(focused(page)).startsWith("message");
    page.keyboard().press("ArrowUp");
    page.keyboard().press("ArrowDown");
    page.keyboard().press("Tab");
    assertThat(focused(page)).isEqualTo("react");
    page.keyboard().press("Tab");
    page.keyboard().press("Tab");
    assertThat(focused(page)).isEqualTo("more");

    page.keyboard().press("Enter");
    assertThat(page.getByRole(AriaRole.MENU)).isVisible();
    assertThat(focused(page)).isEqualTo("copy");
    page.keyboard().press("Escape");
    assertThat(page.getByRole(AriaRole.MENU)).hasCount(0);
    assertThat(focused(page)).isEqualTo("more");

    page.keyboard().press("Shift+Tab");
    page.keyboard().press("Enter");
    assertThat(focused(page)).isEqualTo("field");
    assertThat(page.locator("form").getByText("Reply to Grace Hopper")).isVisible();
    page.keyboard().press("Escape");
    assertThat(page.locator("form").getByText("Reply to Grace Hopper")).isHidden();
  }

  @Test
  void emoji_are_a_grid_with_one_stop_and_arrows_in_it() {
    Page page = open(somebody("ada", "Ada Lovelace"), "", 1100, 800);
    message(page, 0).focus();
    page.keyboard().press("Tab");
    // Out of its quote or its link, onto the tools.
    while (!focused(page).equals("react")) {
      page.keyboard().press("Tab");
    }
    page.keyboard().press("Enter");
    Locator grid = page.getByRole(AriaRole.GRID);
    assertThat(grid.locator("[tabindex='0']")).hasCount(1);
    assertThat(grid.locator(":focus")).hasText("👍");

    page.keyboard().press("ArrowRight");
    page.keyboard().press("ArrowDown");
    assertThat(grid.locator(":focus")).hasText("😄");
    assertThat(grid.locator("[tabindex='0']")).hasText("😄");

    page.keyboard().press("Enter");
    assertThat(grid).hasCount(0);
    assertThat(focused(page)).isEqualTo("react");
    assertThat(message(page, 0).locator("[part~=reaction]").last())
        .hasAttribute("aria-pressed", "true");
  }

  @Test
  void an_enter_that_ends_a_word_of_an_input_method_sends_nothing() {
    Page page = open(somebody("ada", "Ada Lovelace"), "", 1100, 800);
    field(page).fill("にほんご");
    field(page)
        .evaluate(
            "field => field.dispatchEvent(new KeyboardEvent('keydown',"
                + " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))");
    assertThat(field(page)).hasValue("にほんご");

    page.keyboard().press("Shift+Enter");
    assertThat(field(page)).hasValue("にほんご\n");
    page.keyboard().press("Enter");
    assertThat(field(page)).hasValue("");
    assertThat(page.locator("[part~=message]").getByText("にほんご")).isVisible();
  }

  @Test
  void nothing_moves_for_who_wants_it_still() {
    Page page = open();
    page.emulateMedia(new EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
    page.locator("[part~=quote]").click();
    assertThat(page.locator(".sought")).hasCount(1);
    assertThat(page.evaluate(MOVES)).isEqualTo(false);

    page.emulateMedia(new EmulateMediaOptions().setReducedMotion(ReducedMotion.NO_PREFERENCE));
    page.locator("[part~=quote]").click();
    assertThat(page.evaluate(MOVES)).isEqualTo(true);
  }

  @Test
  void with_forced_colours_messages_still_have_an_edge() {
    Page page = open();
    page.emulateMedia(new EmulateMediaOptions().setForcedColors(ForcedColors.ACTIVE));
    assertThat(
            page.locator("[part~=bubble]")
                .first()
                .evaluate("bubble => getComputedStyle(bubble).borderTopWidth"))
        .isEqualTo("1px");
    Browser.shoot(page, "forced-colors");
  }

  /** 1280 by 1024 pixels at 400 % are 320 by 256. */
  @ParameterizedTest
  @ValueSource(ints = {640, 256})
  void at_320_pixels_nothing_is_cut_off_or_pushed_aside(int height) {
    Page page = open(somebody("ada", "Ada Lovelace"), "", 320, height);
    assertThat(
            page.evaluate(
                """
                () => {
                  const scroll = document.querySelector("partyline-chat").shadowRoot.querySelector("[part~=scroll]");
                  const page = document.documentElement;
                  return page.scrollWidth <= page.clientWidth && scroll.scrollWidth <= scroll.clientWidth
                    && scroll.clientHeight > 40;
                }
                """))
        .isEqualTo(true);
    field(page).scrollIntoViewIfNeeded();
    assertThat(field(page)).isInViewport();
  }

  @Test
  void everything_that_is_pressed_is_large_enough_to_be_hit() {
    Page page = open(somebody("ada", "Ada Lovelace"), "", 320, 640);
    message(page, 1).focus();
    assertLargeEnough(page);
    page.locator("[data-do=react]").click();
    assertLargeEnough(page);
  }

  @Test
  void people_can_look_at_it() {
    Somebody ada = somebody("ada", "Ada Lovelace");
    Page light = open(ada, "&theme=light", 1100, 760);
    Browser.shoot(light, "light");
    Page dark = open(ada, "&theme=dark", 1100, 760);
    message(dark, 0).focus();
    Browser.shoot(dark, "dark");
    Browser.shoot(open(ada, "&lang=ar&theme=light", 1100, 760), "right-to-left");
    Page small = open(ada, "", 320, 640);
    Browser.shoot(small, "320-pixels");

    cluster().gateway(1).kill();
    assertThat(light.getByRole(AriaRole.STATUS)).hasText("Reconnecting…");
    Browser.shoot(light, "reconnecting");
    cluster().gateway(1).restart();
    assertThat(light.getByRole(AriaRole.STATUS))
        .hasText("Connected", new HasTextOptions().setTimeout(RESTART_MILLIS));
  }

  // --- How it is looked at ---

  private Somebody somebody(String id, String name) {
    return Somebody.named(cluster(), id, name);
  }

  /** As nobody, who reads. */
  private Page open() {
    return ready(browser().person().newPage(), "");
  }

  private Page open(Somebody reader, String more, int width, int height) {
    var context =
        browser()
            .person(
                new NewContextOptions()
                    .setViewportSize(width, height)
                    .setColorScheme(more.contains("dark") ? ColorScheme.DARK : ColorScheme.LIGHT));
    context.addInitScript(
        "localStorage.setItem('partyline.token', JSON.stringify('" + reader.token() + "'))");
    return ready(context.newPage(), more);
  }

  private Page ready(Page page, String more) {
    page.navigate(Somebody.page(cluster(), room, more).toString());
    assertThat(page.locator("[part~=status][data-state=live]")).isVisible();
    assertThat(page.locator("[part~=message]").first()).isVisible();
    return page;
  }

  private static Locator message(Page page, int number) {
    return page.locator("[part~=message]").nth(number);
  }

  private static Locator field(Page page) {
    return page.locator("[part~=field]");
  }

  private static String focused(Page page) {
    return (String) page.evaluate(FOCUSED);
  }

  private static void assertNoViolation(Page page) throws IOException {
    try (InputStream script =
        Objects.requireNonNull(AccessibilityTest.class.getResourceAsStream("/axe.min.js"))) {
      page.evaluate(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertThat((List<?>) page.evaluate(VIOLATIONS)).isEmpty();
  }

  private static void assertLargeEnough(Page page) {
    for (Locator button : page.getByRole(AriaRole.BUTTON).all()) {
      var box = button.boundingBox();
      assertThat(box).as(button.innerText()).isNotNull();
      assertThat(Math.min(box.width, box.height))
          .as("%s", button.evaluate("button => button.outerHTML"))
          .isGreaterThanOrEqualTo(LEAST_TARGET_PX);
    }
  }
}
