package partyline.gateway.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import partyline.gateway.token.VerificationKeys.Issuer;
import partyline.gateway.token.VerificationKeys.VerificationKey;
import partyline.room.Author;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.UserId;

/**
 * Reads tokens, strictly. Nothing in a token chooses how it is checked: the algorithm belongs to
 * the key, keys come from our configuration, and a header that asks for anything else is refused.
 */
public final class TokenVerifier {

  private static final long LAST_SECOND = 253_402_300_799L; // 9999-12-31
  private static final int AVATAR_CHARACTERS = 2_048;

  private final VerificationKeys keys;

  public TokenVerifier(VerificationKeys keys) {
    this.keys = keys;
  }

  public Verdict verify(String token, Instant now) {
    if (token.length() > Limits.TOKEN_BYTES) {
      return new Verdict.Invalid(
          "The token is longer than " + Limits.TOKEN_BYTES + " bytes: put less into it.");
    }
    JWSObject signed;
    try {
      signed = JWSObject.parse(token);
    } catch (ParseException | IllegalArgumentException notSigned) {
      return new Verdict.Invalid(
          "This is not a signed token (JWS, three parts, an alg other than none).");
    }
    return trusted(signed)
        .map(issuer -> judge(signed.getPayload().toString(), issuer, now))
        .orElseGet(() ->
            new Verdict.Invalid(
                "The token is not signed with a key of this cluster: HS256, the secret as it"
                    + " stands in PARTYLINE_SECRET, no kid, crit, jku, x5u or jwk."));
  }

  private Optional<Issuer> trusted(JWSObject signed) {
    JWSHeader header = signed.getHeader();
    if (header.getCriticalParams() != null
        || header.getJWKURL() != null
        || header.getX509CertURL() != null
        || header.getJWK() != null
        || !header.isBase64URLEncodePayload()) {
      return Optional.empty();
    }
    return keys.find(Optional.ofNullable(header.getKeyID()))
        .filter(key -> key.algorithm().equals(header.getAlgorithm()))
        .filter(key -> verifies(signed, key))
        .map(VerificationKey::issuer);
  }

  private static boolean verifies(JWSObject signed, VerificationKey key) {
    try {
      return signed.verify(key.verifier());
    } catch (JOSEException unusable) {
      return false;
    }
  }

  private static Verdict judge(String payload, Issuer issuer, Instant now) {
    JsonNode claims;
    try {
      claims = Json.MAPPER.readTree(payload);
    } catch (JsonProcessingException notJson) {
      return new Verdict.Invalid("The token's claims are not JSON, or one stands there twice.");
    }
    Optional<Instant> issuedAt = time(claims, "iat");
    Optional<Instant> expiresAt = time(claims, "exp");
    if (issuedAt.isEmpty() || expiresAt.isEmpty()) {
      return new Verdict.Invalid("The token needs exp and iat, both in seconds since 1970.");
    }
    Optional<UserId> subject = subject(claims.path("sub"));
    if (subject.isEmpty()) {
      return new Verdict.Invalid(
          "The token needs sub, a whole number or 1 to "
              + Limits.USER_ID_CODE_POINTS
              + " printable characters.");
    }
    if (subject.get().isGuest() != (issuer == Issuer.CLUSTER)) {
      return new Verdict.Invalid("Only guests that this cluster made have a sub of guest:….");
    }
    Duration leeway = Limits.TOKEN_LEEWAY;
    if (issuedAt.get().isAfter(now.plus(leeway))
        || time(claims, "nbf").filter(from -> from.isAfter(now.plus(leeway))).isPresent()) {
      return new Verdict.Invalid("The token is from the future: compare the site's clock.");
    }
    if (!expiresAt.get().plus(leeway).isAfter(now)) {
      return new Verdict.Expired();
    }
    if (Duration.between(issuedAt.get(), expiresAt.get()).compareTo(Limits.TOKEN_LIFE) > 0) {
      return new Verdict.TooLongLived();
    }
    return new Verdict.Valid(
        new Caller(
            subject.get(),
            DisplayName.of(claims.path("name").asText("")).orElse(subject.get().value()),
            avatar(claims.path("avatar")),
            kind(claims, issuer),
            issuedAt.get(),
            expiresAt.get(),
            claims));
  }

  /** NumericDate: seconds, perhaps with a fraction, which is cut off. */
  private static Optional<Instant> time(JsonNode claims, String name) {
    JsonNode value = claims.path(name);
    return value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= LAST_SECOND
        ? Optional.of(Instant.ofEpochSecond(value.longValue()))
        : Optional.empty();
  }

  private static Optional<UserId> subject(JsonNode sub) {
    if (sub.isIntegralNumber()) {
      return UserId.parse(sub.asText());
    }
    return sub.isTextual() ? UserId.parse(sub.textValue()) : Optional.empty();
  }

  private static Author.Kind kind(JsonNode claims, Issuer issuer) {
    if (issuer == Issuer.CLUSTER) {
      return Author.Kind.GUEST;
    }
    return claims.path("role").asText("").equals("service")
        ? Author.Kind.SERVICE
        : Author.Kind.MEMBER;
  }

  /** Ends up in other people's pages as a picture's address: a plain https link or nothing. */
  private static Optional<String> avatar(JsonNode value) {
    return Optional.of(value.asText(""))
        .filter(text -> text.length() <= AVATAR_CHARACTERS)
        .filter(text -> {
          try {
            var uri = new URI(text);
            return "https".equalsIgnoreCase(uri.getScheme()) && uri.getHost() != null;
          } catch (URISyntaxException noLink) {
            return false;
          }
        });
  }
}
