package partyline.deploy.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.util.List;
import partyline.room.RoomId;

/** A tab with a page of somebody's site that has the chat in it. */
public final class ChatPage {
  public static final RoomId ROOM = new RoomId("lobby");

  /** Notes each sentence about the connection that stood in the page. */
  private static final String NOTE_WHAT_IS_SAID =
      """
      () => {
        const chat = document.querySelector("partyline-chat");
        const said = window.said = [];
        const note = () => {
          const sentence = chat.shadowRoot.querySelector("[part~=status]").textContent;
          if (sentence !== said.at(-1)?.sentence) {
            said.push({ sentence, at: performance.now() });
          }
        };
        new MutationObserver(note)
          .observe(chat.shadowRoot, { childList: true, subtree: true, characterData: true });
        note();
      }
      """;

  private final Page page;

  /** A new tab of this browser, at this page. */
  static ChatPage open(BrowserContext person, URI page) {
    Page tab = person.newPage();
    tab.navigate(page.toString());
    return of(tab);
  }

  /** A page that has a chat in it. */
  public static ChatPage of(Page page) {
    page.waitForFunction(
        "() => document.querySelector('partyline-chat').shadowRoot?.querySelector('[part~=status]')");
    page.evaluate(NOTE_WHAT_IS_SAID);
    return new ChatPage(page);
  }

  private ChatPage(Page page) {
    this.page = page;
  }

  Page page() {
    return page;
  }

  /** By hand: into the field, and Enter. */
  public void say(String text) {
    page.getByPlaceholder("Write a message").fill(text);
    page.keyboard().press("Enter");
  }

  public Locator status() {
    return page.locator("[part~=status]");
  }

  /** The texts that stand there as messages, in their order; what is on its way is none. */
  public List<String> texts() {
    return page.locator("[part~=message]:not([part~=letter]) [part~=text]").allTextContents();
  }

  /** Waits until this text stands there as a message. */
  public void awaitText(String text) {
    page.waitForCondition(() -> texts().contains(text));
  }

  /** What was said about the connection, one after the other. */
  @SuppressWarnings("unchecked")
  public List<String> said() {
    return (List<String>) page.evaluate("() => window.said.map(({ sentence }) => sentence)");
  }

  /** The node that its stream is of. */
  public String node() {
    return (String) page.evaluate("document.querySelector('partyline-chat').client.status.node");
  }

  /** From the first word on the connection to this one. */
  double millisUntil(String sentence) {
    return ((Number)
            page.evaluate(
                "wanted => window.said.find(({ sentence }) => sentence === wanted).at"
                    + " - window.said[0].at",
                sentence))
        .doubleValue();
  }

  /** From now on. */
  void noteResets() {
    page.evaluate(
        """
        () => {
          window.resets = [];
          const { client } = document.querySelector("partyline-chat");
          client.on("reset", ({ reason }) => window.resets.push(reason));
        }
        """);
  }

  @SuppressWarnings("unchecked")
  List<String> resets() {
    return (List<String>) page.evaluate("() => window.resets");
  }
}
