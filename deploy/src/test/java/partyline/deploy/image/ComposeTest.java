package partyline.deploy.image;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import partyline.deploy.browser.Browser;
import partyline.deploy.browser.ChatPage;
import partyline.deploy.browser.Member;

/** What those get who have Docker and no JDK. */
@Timeout(900)
final class ComposeTest {

  @Test
  void it_comes_up_from_nothing_and_members_of_the_php_site_chat_on_while_a_gateway_is_killed()
      throws Exception {
    Docker docker = Docker.find();
    try (var browser = Browser.open();
        var compose = Compose.up(docker)) {
      assertThat(compose.services())
          .containsExactlyInAnyOrder("valkey", "gateway-1", "gateway-2", "worker", "nginx", "php");
      assertLocked(compose);

      ChatPage ada = logIn(browser, compose, "ada");
      ChatPage bob = logIn(browser, compose, "bob");
      ada.say("Hello, Bob!");
      bob.awaitText("Hello, Bob!");

      compose.kill(ada.node());
      bob.say("Hello, Ada!");
      ada.awaitText("Hello, Ada!");
      ada.say("And on we go.");
      bob.awaitText("And on we go.");
      assertThat(ada.texts()).containsExactly("Hello, Bob!", "Hello, Ada!", "And on we go.");
      assertThat(bob.texts()).isEqualTo(ada.texts());
      assertThat(ada.status()).hasText("Connected");
    }
  }

  /**
   * Nobody's root, nothing to be written to, and the native transport found its place all the same.
   */
  private static void assertLocked(Compose compose) throws IOException, InterruptedException {
    for (String service : compose.services()) {
      assertThat(compose.inspect(service, "{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}}"))
          .as(service)
          .isEqualTo("true [ALL]");
      assertThat(compose.exec(service, "id", "-u")).as(service).isNotEqualTo("0");
    }
    for (String service : List.of("gateway-1", "gateway-2", "worker")) {
      assertThat(compose.inspect(service, "{{.State.Health.Status}}")).isEqualTo("healthy");
      assertThat(
              compose.exec(service, "grep", "-c", "netty_transport_native_epoll", "/proc/1/maps"))
          .isNotEqualTo("0");
    }
  }

  private static ChatPage logIn(Browser browser, Compose compose, String user) {
    ChatPage chat = ChatPage.of(Member.logIn(browser, compose.site(), user));
    assertThat(chat.status()).hasText("Connected");
    return chat;
  }
}
