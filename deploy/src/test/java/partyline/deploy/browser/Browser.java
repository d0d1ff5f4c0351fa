package partyline.deploy.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import partyline.room.process.SearchPath;

/**
 * A real Chromium without a window. Each {@link #person} is a profile of its own: its tabs share
 * storage, locks and channels, as those of one browser do.
 *
 * <p>To be used by the thread that opened it, and by no other.
 */
public final class Browser implements AutoCloseable {
  private static final Path SHOTS =
      Path.of(System.getenv().getOrDefault("PARTYLINE_TEST_PICTURES", "target/screenshots"));

  private static final double PATIENCE_MILLIS = 60_000;

  /** Root has no sandbox, and a container little shared memory. */
  private static final List<String> FLAGS =
      List.of("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");

  private final Playwright playwright;
  private final com.microsoft.playwright.Browser chromium;
  private final List<String> complaints = new ArrayList<>();

  /** Skips the test where there is none. */
  public static Browser open() {
    var path = SearchPath.fromEnvironment();
    Optional<Path> chromium = path.find("chromium").or(() -> path.find("google-chrome"));
    assumeTrue(
        chromium.isPresent(),
        "There is no chromium on the path: install Debian's package to test what people see.");
    return new Browser(chromium.orElseThrow());
  }

  private Browser(Path executable) {
    // Its own 5 s are too few for a machine that builds beside.
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    var none = Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    playwright = Playwright.create(new Playwright.CreateOptions().setEnv(none));
    chromium =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(executable)
                    .setArgs(FLAGS)
                    .setTimeout(2 * PATIENCE_MILLIS));
  }

  public BrowserContext person() {
    return person(new com.microsoft.playwright.Browser.NewContextOptions());
  }

  public BrowserContext person(com.microsoft.playwright.Browser.NewContextOptions options) {
    BrowserContext context = chromium.newContext(options);
    context.setDefaultTimeout(PATIENCE_MILLIS);
    context.onPage(this::listen);
    return context;
  }

  /** Somebody new looks at this page. */
  public Page page(URI url) {
    Page page = person().newPage();
    page.navigate(url.toString());
    return page;
  }

  private void listen(Page page) {
    page.onPageError(error -> complaints.add(page.url() + ": " + error));
    page.onConsoleMessage(message -> {
      // A refused policy is told here too; an address that does not answer is none of ours.
      if (message.type().equals("error") && !message.text().contains("net::ERR_")) {
        complaints.add(page.url() + ": " + message.text());
      }
    });
  }

  /** Exceptions nobody caught and errors on consoles, of all pages there ever were. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /**
   * For people to look at: {@code target/screenshots/name.png}, or in the folder of
   * PARTYLINE_TEST_PICTURES.
   */
  public static void shoot(Page page, String name) {
    Path file = SHOTS.resolve(name + ".png");
    page.screenshot(new ScreenshotOptions().setPath(file));
    assertThat(file).isNotEmptyFile();
  }

  @Override
  public void close() {
    playwright.close();
  }
}
