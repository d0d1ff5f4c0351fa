package partyline.worker.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import partyline.room.hook.WebhookSecret;

/** The headers of a delivery by Standard Webhooks 1.0.0: who verifies them needs nothing else. */
public final class Signature {
  private static final String HMAC = "HmacSHA256";

  private Signature() {}

  /**
   * @param secrets one signature for each, so that a receiver may know either
   * @param at when this try is made; receivers refuse what is older than minutes
   */
  public static Map<String, String> headers(
      List<WebhookSecret> secrets, String id, Instant at, byte[] body) {
    var headers = new TreeMap<String, String>();
    headers.put("webhook-id", id);
    headers.put("webhook-timestamp", Long.toString(at.getEpochSecond()));
    headers.put(
        "webhook-signature",
        secrets.stream()
            .map(secret -> "v1," + sign(secret, id, at, body))
            .collect(Collectors.joining(" ")));
    return headers;
  }

  private static String sign(WebhookSecret secret, String id, Instant at, byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.bytes(), HMAC));
      mac.update((id + "." + at.getEpochSecond() + ".").getBytes(UTF_8));
      return Base64.getEncoder().encodeToString(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
