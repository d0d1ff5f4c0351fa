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
import java.util.List;
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

  private static final Verdict UNTRUSTED =
      new Verdict.Invalid(
          "The token is not signed with a key of this cluster: HS256, the secret as it stands in"
              + " PARTYLINE_SECRET and no kid, or a key of PARTYLINE_JWKS by its kid; and no crit,"
              + " jku, jwk, x5u or x5c.");

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
    JWSHeader header = signed.getHeader();
    if (bringsItsOwn(header)) {
      return UNTRUSTED;
    }
    Verdict verdict = UNTRUSTED;
    for (VerificationKey key : keys.find(Optional.ofNullable(header.getKeyID()))) {
      if (key.algorithm().equals(header.getAlgorithm()) && verifies(signed, key)) {
        verdict = judge(signed.getPayload().toString(), key.issuer(), now);
        if (!(verdict instanceof Verdict.Invalid)) {
          return verdict;
        }
      }
    }
    return verdict;
  }

  /** Keys, places where keys are to be found, or rules that we don't know. */
  private static boolean bringsItsOwn(JWSHeader header) {
    return header.getCriticalParams() != null
        || header.getJWKURL() != null
        || header.getJWK() != null
        || header.getX509CertURL() != null
        || header.getX509CertChain() != null
        || !header.isBase64URLEncodePayload();
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
    if (subject.get().isGuest() != issuer instanceof Issuer.Cluster) {
      return new Verdict.Invalid("Only guests that this cluster made have a sub of guest:….");
    }
    if (issuer instanceof Issuer.Site(Optional<String> iss, Optional<String> aud)) {
      if (iss.isPresent() && !claims.path("iss").asText("").equals(iss.get())) {
        return new Verdict.Invalid("The token's iss is not the one that this cluster expects.");
      }
      if (aud.isPresent() && !isFor(claims.path("aud"), aud.get())) {
        return new Verdict.Invalid("The token's aud does not name this cluster.");
      }
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
    Optional<List<RoomGrant>> grants = RoomGrant.parse(claims.path("rooms"));
    if (grants.isEmpty()) {
      return new Verdict.Invalid(
          "The token's rooms must be a list of {match: exact or prefix, value: a room's name or how"
              + " it begins, can: [read, post, emit, moderate]}; inboxes and direct rooms can't be"
              + " named.");
    }
    return new Verdict.Valid(
        new Caller(
            subject.get(),
            DisplayName.of(claims.path("name").asText("")).orElse(subject.get().value()),
            avatar(claims.path("avatar")),
            kind(claims, issuer),
            issuedAt.get(),
            expiresAt.get(),
            grants.get()));
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

  /** One audience as text, or several in a list. */
  private static boolean isFor(JsonNode aud, String us) {
    if (!aud.isArray()) {
      return aud.isTextual() && aud.textValue().equals(us);
    }
    for (JsonNode one : aud) {
      if (one.isTextual() && one.textValue().equals(us)) {
        return true;
      }
    }
    return false;
  }

  private static Author.Kind kind(JsonNode claims, Issuer issuer) {
    if (issuer instanceof Issuer.Cluster) {
      return Author.Kind.GUEST;
    }
    return switch (claims.path("role").asText("")) {
      case "service" -> Author.Kind.SERVICE;
      case "bot" -> Author.Kind.BOT;
      default -> Author.Kind.MEMBER;
    };
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
