package partyline.room.hook;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import partyline.room.Limits;

/**
 * What signs a webhook's deliveries, as Standard Webhooks writes it: {@code whsec_} and 24 to 64
 * bytes in base64.
 *
 * @param until when it stops signing; empty for the one that stands
 */
public record WebhookSecret(String text, Optional<Instant> until) {
  private static final String PREFIX = "whsec_";
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Throws {@link IllegalArgumentException} for what is none. */
  public WebhookSecret {
    if (!isOne(text)) {
      throw new IllegalArgumentException("no secret of a webhook");
    }
  }

  public static WebhookSecret random() {
    byte[] bytes = new byte[Limits.WEBHOOK_SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return standing(PREFIX + Base64.getEncoder().encodeToString(bytes));
  }

  public static WebhookSecret standing(String text) {
    return new WebhookSecret(text, Optional.empty());
  }

  public static boolean isOne(String text) {
    if (!text.startsWith(PREFIX)) {
      return false;
    }
    try {
      int bytes = bytes(text).length;
      return bytes >= Limits.WEBHOOK_SECRET_BYTES_MIN && bytes <= Limits.WEBHOOK_SECRET_BYTES_MAX;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  /** The key of the HMAC. */
  public byte[] bytes() {
    return bytes(text);
  }

  boolean signsAt(Instant now) {
    return until.map(end -> end.isAfter(now)).orElse(true);
  }

  WebhookSecret endingAt(Instant end) {
    return new WebhookSecret(text, Optional.of(end));
  }

  private static byte[] bytes(String text) {
    return Base64.getDecoder().decode(text.substring(PREFIX.length()));
  }

  @Override
  public String toString() {
    return "(secret)";
  }
}
