package partyline.deploy.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;

/** A member of the PHP site, before its pages. */
public final class Member {
  private Member() {}

  /** Somebody in a browser of their own, at the first page, logged in. */
  public static Page logIn(Browser browser, URI site, String user) {
    Page page = browser.page(site);
    page.getByLabel("Member").fill(user);
    page.getByLabel("Password").fill(user + "-demo");
    page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName("Log in")).click();
    assertThat(page.getByText("Hello ")).isVisible();
    return page;
  }
}
