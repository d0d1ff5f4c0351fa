package partyline.worker.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import partyline.room.hook.WebhookSecret;

/** Judged by the library and the example of the specification's authors. */
final class SignatureTest {
  private static final byte[] BODY = "{\"text\":\"h\u00e9llo\"}".getBytes(UTF_8);

  @Test
  void it_is_the_one_of_the_specifications_example() {
    var secret = WebhookSecret.standing("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

    Map<String, String> headers =
        Signature.headers(
            List.of(secret),
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            Instant.ofEpochSecond(1614265330),
            "{\"test\": 2432232314}".getBytes(UTF_8));

    assertThat(headers)
        .containsEntry("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        .containsEntry("webhook-timestamp", "1614265330")
        .containsEntry("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek");
  }

  @Test
  void the_official_library_verifies_it() throws Exception {
    WebhookSecret secret = WebhookSecret.random();

    assertThatCode(() -> verify(secret, signed(List.of(secret)), BODY)).doesNotThrowAnyException();
  }

  @Test
  void while_a_secret_replaces_another_either_verifies_it() {
    WebhookSecret next = WebhookSecret.random();
    WebhookSecret last = WebhookSecret.random();
    Map<String, String> headers = signed(List.of(next, last));

    assertThatCode(() -> verify(next, headers, BODY)).doesNotThrowAnyException();
    assertThatCode(() -> verify(last, headers, BODY)).doesNotThrowAnyException();
    assertThatThrownBy(() -> verify(WebhookSecret.random(), headers, BODY))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void another_body_is_not_what_was_signed() {
    WebhookSecret secret = WebhookSecret.random();

    assertThatThrownBy(() -> verify(secret, signed(List.of(secret)), "{}".getBytes(UTF_8)))
        .isInstanceOf(WebhookVerificationException.class);
  }

  private static Map<String, String> signed(List<WebhookSecret> secrets) {
    return Signature.headers(secrets, "msg_1", Instant.now(), BODY);
  }

  private static void verify(WebhookSecret secret, Map<String, String> headers, byte[] body)
      throws Exception {
    new Webhook(secret.text())
        .verify(
            new String(body, UTF_8),
            headers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue()))));
  }
}
