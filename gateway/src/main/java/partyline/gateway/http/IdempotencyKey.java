package partyline.gateway.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.room.Limits;

/** What a client calls something it sends, so that it may send it again. */
final class IdempotencyKey {

  static final String RULE =
      "must be 1 to " + Limits.CLIENT_MSG_ID_BYTES + " visible ASCII characters";

  private static final Pattern KEY =
      Pattern.compile("[\\x21-\\x7e]{1," + Limits.CLIENT_MSG_ID_BYTES + "}");
  private static final int DIGEST_CHARS = 22;

  private IdempotencyKey() {}

  static boolean isOne(String text) {
    return KEY.matcher(text).matches();
  }

  /**
   * @param header of the name {@code Idempotency-Key}
   */
  static Optional<String> of(@Nullable String header, Faults faults) {
    if (header != null && !isOne(header)) {
      faults.add("Idempotency-Key", RULE);
    }
    return Optional.ofNullable(header);
  }

  /** Tells a retry from something else under the same key. */
  static String digest(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(digest)
          .substring(0, DIGEST_CHARS);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
