package partyline.gateway.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import partyline.room.Json;
import partyline.room.Settings.Secret;

/** A site, as far as signing tokens goes. */
public final class Tokens {

  public static final Secret SECRET = secret("a secret of a test, thirty-two bytes and more");

  /** Where guests come from. */
  static final byte[] HOME = {10, 0, 0, 7};

  private Tokens() {}

  public static Secret secret(String text) {
    return new Secret(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A member's token, good for an hour. */
  public static String member(String sub, Instant now) {
    return signed(claims(now, Map.of("sub", sub, "name", "Ms. " + sub)));
  }

  /** Claims of a good token, these added or put in their place. */
  public static Map<String, Object> claims(Instant now, Map<String, ?> others) {
    var claims = new TreeMap<String, Object>();
    claims.put("sub", "u7");
    claims.put("iat", now.getEpochSecond());
    claims.put("exp", now.getEpochSecond() + 3_600);
    claims.putAll(others);
    return claims;
  }

  public static String signed(Map<String, ?> claims) {
    return signed(new JWSHeader(JWSAlgorithm.HS256), json(claims), SECRET);
  }

  public static String signed(JWSHeader header, String payload, Secret secret) {
    var token = new JWSObject(header, new Payload(payload));
    try {
      token.sign(new MACSigner(secret.bytes()));
    } catch (JOSEException unsigned) {
      throw new IllegalArgumentException(unsigned);
    }
    return token.serialize();
  }

  public static String json(Map<String, ?> claims) {
    return Json.MAPPER.valueToTree(claims).toString();
  }
}
