package partyline.gateway.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.gateway.token.RoomGrant.Match;
import partyline.gateway.token.VerificationKeys.Issuer;
import partyline.room.Author;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.chat.Grant;

class TokenVerifierTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final JWSHeader HS256 = new JWSHeader(JWSAlgorithm.HS256);

  private final SharedSecret secret = new SharedSecret(Tokens.SECRET);
  private final TokenVerifier verifier = new TokenVerifier(secret);

  private Verdict verdict(String token) {
    return verifier.verify(token, NOW);
  }

  private Verdict verdictOf(Map<String, ?> claims) {
    return verdict(Tokens.signed(Tokens.claims(NOW, claims)));
  }

  private Caller callerOf(Map<String, ?> claims) {
    return verdictOf(claims) instanceof Verdict.Valid(Caller caller)
        ? caller
        : fail("refused: " + verdictOf(claims));
  }

  @Test
  void a_token_of_the_site_says_who_calls() {
    Caller caller =
        callerOf(Map.of("sub", "u7", "name", "Ada", "avatar", "https://example.com/a.png"));

    assertThat(caller.author())
        .isEqualTo(
            new Author(
                new UserId("u7"),
                "Ada",
                Optional.of("https://example.com/a.png"),
                Author.Kind.MEMBER));
    assertThat(caller.expiresAt()).isEqualTo(NOW.plusSeconds(3_600));
  }

  @Test
  void a_subject_may_be_a_number() {
    assertThat(callerOf(Map.of("sub", 4711)).id()).isEqualTo(new UserId("4711"));
  }

  @Test
  void who_has_no_name_goes_by_their_id() {
    assertThat(callerOf(Map.of("sub", "u7", "name", " \u202e ")).name()).isEqualTo("u7");
  }

  @Test
  void a_name_is_one_line_of_at_most_64_code_points_without_tricks() {
    assertThat(callerOf(Map.of("name", "A\nd\u202ea" + "👋".repeat(80))).name())
        .isEqualTo("A da" + "👋".repeat(60));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://a.example/x.png", "javascript:alert(1)", "//x", "https:x", "%%"})
  void an_avatar_that_is_no_https_link_is_left_out(String link) {
    assertThat(callerOf(Map.of("avatar", link)).avatar()).isEmpty();
  }

  @Test
  void the_role_service_makes_a_service() {
    assertThat(callerOf(Map.of("role", "service")).kind()).isEqualTo(Author.Kind.SERVICE);
    assertThat(callerOf(Map.of("role", "bot")).kind()).isEqualTo(Author.Kind.BOT);
    assertThat(callerOf(Map.of("role", "bot")).isService()).isTrue();
  }

  @Test
  void a_token_of_another_secret_is_refused() {
    String token =
        Tokens.signed(
            HS256,
            Tokens.json(Tokens.claims(NOW, Map.of())),
            Tokens.secret("another secret of thirty-two bytes or more"));

    assertThat(verdict(token)).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void a_token_that_was_changed_is_refused() {
    String[] parts = Tokens.member("u7", NOW).split("\\.");
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
    String forged = base64(claims.replace("u7", "u8"));

    assertThat(verdict(parts[0] + "." + forged + "." + parts[2]))
        .isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void alg_none_is_refused() {
    String claims = base64(Tokens.json(Tokens.claims(NOW, Map.of())));

    assertThat(verdict(base64("{\"alg\":\"none\"}") + "." + claims + "."))
        .isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void another_algorithm_is_refused_even_under_the_right_secret() {
    var longer = Tokens.secret("x".repeat(64));
    var other = new TokenVerifier(new SharedSecret(longer));
    String claims = Tokens.json(Tokens.claims(NOW, Map.of()));

    assertThat(other.verify(Tokens.signed(HS256, claims, longer), NOW))
        .isInstanceOf(Verdict.Valid.class);
    assertThat(other.verify(Tokens.signed(new JWSHeader(JWSAlgorithm.HS512), claims, longer), NOW))
        .isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void a_header_that_brings_its_own_keys_or_rules_is_refused() {
    String claims = Tokens.json(Tokens.claims(NOW, Map.of()));
    var jku = new JWSHeader.Builder(HS256).jwkURL(URI.create("https://evil.example/k")).build();
    var x5c =
        new JWSHeader.Builder(HS256)
            .x509CertChain(List.of(com.nimbusds.jose.util.Base64.encode("a certificate")))
            .build();
    var x5u = new JWSHeader.Builder(HS256).x509CertURL(URI.create("https://evil.example")).build();
    var crit = new JWSHeader.Builder(HS256).criticalParams(Set.of("exp")).build();
    for (JWSHeader header : new JWSHeader[] {jku, x5u, x5c, crit}) {
      assertThat(verdict(Tokens.signed(header, claims, Tokens.SECRET)))
          .as("%s", header)
          .isInstanceOf(Verdict.Invalid.class);
    }
  }

  @Test
  void a_header_that_brings_a_public_key_is_refused() throws Exception {
    var mine = new ECKeyGenerator(Curve.P_256).generate();
    var signed =
        new JWSObject(
            new JWSHeader.Builder(JWSAlgorithm.ES256).jwk(mine.toPublicJWK()).build(),
            new Payload(Tokens.json(Tokens.claims(NOW, Map.of()))));
    signed.sign(new ECDSASigner(mine));

    assertThat(verdict(signed.serialize())).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void an_unknown_kid_is_refused_even_under_the_right_secret() {
    String claims = Tokens.json(Tokens.claims(NOW, Map.of()));
    for (String kid : new String[] {"k1", "../../dev/null", "", "' OR 1=1"}) {
      var header = new JWSHeader.Builder(HS256).keyID(kid).build();
      assertThat(verdict(Tokens.signed(header, claims, Tokens.SECRET)))
          .as(kid)
          .isInstanceOf(Verdict.Invalid.class);
    }
  }

  @Test
  void the_typ_of_a_token_does_not_matter() {
    String claims = Tokens.json(Tokens.claims(NOW, Map.of()));
    for (String typ : new String[] {"JWT", "at+jwt", "jwt", "x"}) {
      var header = new JWSHeader.Builder(HS256).type(new JOSEObjectType(typ)).build();
      assertThat(verdict(Tokens.signed(header, claims, Tokens.SECRET)))
          .as(typ)
          .isInstanceOf(Verdict.Valid.class);
    }
  }

  @Test
  void exp_and_iat_are_required() {
    for (String name : new String[] {"exp", "iat"}) {
      var claims = new HashMap<>(Tokens.claims(NOW, Map.of()));
      claims.remove(name);
      assertThat(verdict(Tokens.signed(claims)))
          .as(name)
          .isEqualTo(
              new Verdict.Invalid("The token needs exp and iat, both in seconds since 1970."));
      claims.put(name, "tomorrow");
      assertThat(verdict(Tokens.signed(claims))).isInstanceOf(Verdict.Invalid.class);
    }
  }

  @Test
  void a_token_ends_at_its_exp_and_a_minute_of_leeway() {
    long second = NOW.getEpochSecond();

    assertThat(verdictOf(Map.of("iat", second - 100, "exp", second - 59)))
        .isInstanceOf(Verdict.Valid.class);
    assertThat(verdictOf(Map.of("iat", second - 100, "exp", second - 60)))
        .isEqualTo(new Verdict.Expired());
  }

  @Test
  void a_token_may_come_from_a_clock_a_minute_ahead_and_no_more() {
    long second = NOW.getEpochSecond();

    assertThat(verdictOf(Map.of("iat", second + 60, "exp", second + 100)))
        .isInstanceOf(Verdict.Valid.class);
    assertThat(verdictOf(Map.of("iat", second + 61, "exp", second + 100)))
        .isInstanceOf(Verdict.Invalid.class);
    assertThat(verdictOf(Map.of("nbf", second + 61))).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void a_token_lives_at_most_a_day() {
    long second = NOW.getEpochSecond();
    long day = Duration.ofDays(1).toSeconds();

    assertThat(verdictOf(Map.of("exp", second + day))).isInstanceOf(Verdict.Valid.class);
    assertThat(verdictOf(Map.of("exp", second + day + 1))).isEqualTo(new Verdict.TooLongLived());
    assertThat(verdictOf(Map.of("exp", 1e300))).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void times_may_carry_a_fraction() {
    assertThat(callerOf(Map.of("iat", NOW.getEpochSecond() - 0.5)).issuedAt())
        .isEqualTo(NOW.minusSeconds(1));
  }

  @Test
  void a_subject_that_is_nobody_is_refused() {
    for (Object sub : new Object[] {"", "a\nb", "x".repeat(129), 1.5, true, Map.of("a", 1)}) {
      assertThat(verdictOf(Map.of("sub", sub))).as("%s", sub).isInstanceOf(Verdict.Invalid.class);
    }
  }

  @Test
  void a_site_can_not_speak_for_a_guest() {
    assertThat(verdictOf(Map.of("sub", "guest:abc"))).isInstanceOf(Verdict.Invalid.class);
    assertThat(
            verdict(
                Tokens.signed(
                    new JWSHeader.Builder(HS256).keyID(SharedSecret.GUEST_KEY_ID).build(),
                    Tokens.json(Tokens.claims(NOW, Map.of("sub", "guest:abc"))),
                    Tokens.SECRET)))
        .isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void a_guest_of_the_cluster_is_known_again() {
    var guest = new GuestTokens(secret).create("Passer-by", Tokens.HOME, NOW);

    assertThat(verdict(guest.token()))
        .isInstanceOfSatisfying(
            Verdict.Valid.class,
            valid -> assertThat(valid.caller().author()).isEqualTo(guest.caller().author()));
    assertThat(guest.caller().kind()).isEqualTo(Author.Kind.GUEST);
    assertThat(guest.caller().id().isGuest()).isTrue();
    assertThat(guest.caller().expiresAt()).isEqualTo(NOW.plus(Limits.TOKEN_LIFE));
  }

  @Test
  void a_claim_that_stands_twice_is_refused() {
    String claims =
        "{\"sub\":\"u7\",\"sub\":\"admin\",\"iat\":%d,\"exp\":%d}"
            .formatted(NOW.getEpochSecond(), NOW.getEpochSecond() + 60);

    assertThat(verdict(Tokens.signed(HS256, claims, Tokens.SECRET)))
        .isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void a_token_of_more_than_4_kilobytes_is_refused() {
    assertThat(verdictOf(Map.of("rooms", "x".repeat(4_096))))
        .isEqualTo(new Verdict.Invalid("The token is longer than 4096 bytes: put less into it."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c", "a.b", "a.b.c.d.e", "\u0000", "e30.e30.e30"})
  void what_is_no_token_at_all_is_refused(String text) {
    assertThat(verdict(text)).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void while_secrets_change_tokens_and_guests_of_both_are_good() {
    var next = Tokens.secret("the secret that comes next, also long enough");
    var before = new SharedSecret(Tokens.SECRET, Optional.of(next), Issuer.Site.ANY);
    var after = new SharedSecret(next, Optional.of(Tokens.SECRET), Issuer.Site.ANY);
    String claims = Tokens.json(Tokens.claims(NOW, Map.of()));

    for (SharedSecret keys : List.of(before, after)) {
      var both = new TokenVerifier(keys);
      assertThat(both.verify(Tokens.signed(HS256, claims, Tokens.SECRET), NOW))
          .isInstanceOf(Verdict.Valid.class);
      assertThat(both.verify(Tokens.signed(HS256, claims, next), NOW))
          .isInstanceOf(Verdict.Valid.class);
      for (SharedSecret signer : List.of(before, after)) {
        String guest = new GuestTokens(signer).create("Passer-by", Tokens.HOME, NOW).token();
        assertThat(both.verify(guest, NOW)).isInstanceOf(Verdict.Valid.class);
      }
    }
  }

  @Test
  void a_wrong_issuer_is_refused_where_one_is_expected() {
    var strict = expecting(Optional.of("https://site.example"), Optional.empty());

    assertThat(strict.verify(signed("iss", "https://site.example"), NOW))
        .isInstanceOf(Verdict.Valid.class);
    for (Object iss :
        new Object[] {"https://site.example/", "", 1, List.of("https://site.example")}) {
      assertThat(strict.verify(signed("iss", iss), NOW))
          .as("%s", iss)
          .isEqualTo(
              new Verdict.Invalid("The token's iss is not the one that this cluster expects."));
    }
    assertThat(strict.verify(Tokens.member("u7", NOW), NOW)).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void a_wrong_audience_is_refused_where_one_is_expected() {
    var strict = expecting(Optional.empty(), Optional.of("chat"));

    assertThat(strict.verify(signed("aud", "chat"), NOW)).isInstanceOf(Verdict.Valid.class);
    assertThat(strict.verify(signed("aud", List.of("shop", "chat")), NOW))
        .isInstanceOf(Verdict.Valid.class);
    for (Object aud : new Object[] {"chats", List.of(), List.of("shop"), Map.of("a", "chat")}) {
      assertThat(strict.verify(signed("aud", aud), NOW))
          .as("%s", aud)
          .isEqualTo(new Verdict.Invalid("The token's aud does not name this cluster."));
    }
    assertThat(strict.verify(Tokens.member("u7", NOW), NOW)).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void a_guest_of_the_cluster_needs_no_audience() {
    var strict = expecting(Optional.of("https://site.example"), Optional.of("chat"));

    assertThat(
            strict.verify(
                new GuestTokens(secret).create("Passer-by", Tokens.HOME, NOW).token(), NOW))
        .isInstanceOf(Verdict.Valid.class);
  }

  private static TokenVerifier expecting(Optional<String> iss, Optional<String> aud) {
    return new TokenVerifier(
        new SharedSecret(Tokens.SECRET, Optional.empty(), new Issuer.Site(iss, aud)));
  }

  private static String signed(String claim, Object value) {
    return Tokens.signed(Tokens.claims(NOW, Map.of(claim, value)));
  }

  @Test
  void a_token_may_grant_rooms_by_name_and_by_how_they_begin() {
    Caller caller =
        callerOf(
            Map.of(
                "rooms",
                List.of(
                    Map.of("match", "exact", "value", "staff", "can", List.of("read", "moderate")),
                    Map.of("match", "prefix", "value", "d", "can", List.of("post")))));

    assertThat(caller.grants())
        .containsExactly(
            new RoomGrant(Match.EXACT, "staff", Set.of(Grant.READ, Grant.MODERATE)),
            new RoomGrant(Match.PREFIX, "d", Set.of(Grant.POST)));
    assertThat(caller.in(new RoomId("staff")).grants())
        .containsExactlyInAnyOrder(Grant.READ, Grant.MODERATE);
    assertThat(caller.in(new RoomId("lobby")).grants()).isEmpty();
    assertThat(caller.grants().get(0).covers(new RoomId("staff"))).isTrue();
    assertThat(caller.grants().get(0).covers(new RoomId("staff.2"))).isFalse();
    assertThat(caller.grants().get(1).covers(new RoomId("deals"))).isTrue();
    assertThat(caller.grants().get(1).covers(new RoomId("dm.0a1b"))).isFalse();
    assertThat(caller.grants().get(1).covers(RoomId.inboxOf(new UserId("d")))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "\"staff\"",
        "null",
        "[null]",
        "[{}]",
        "[{\"match\":\"exact\",\"value\":\"staff\"}]",
        "[{\"match\":\"exact\",\"value\":\"staff\",\"can\":[]}]",
        "[{\"match\":\"exact\",\"value\":\"staff\",\"can\":\"read\"}]",
        "[{\"match\":\"exact\",\"value\":\"staff\",\"can\":[\"READ\"]}]",
        "[{\"match\":\"exact\",\"value\":\"staff\",\"can\":[\"own\"]}]",
        "[{\"match\":\"any\",\"value\":\"staff\",\"can\":[\"read\"]}]",
        "[{\"match\":\"prefix\",\"value\":\"\",\"can\":[\"read\"]}]",
        "[{\"match\":\"prefix\",\"value\":7,\"can\":[\"read\"]}]",
        "[{\"match\":\"exact\",\"value\":\"Staff\",\"can\":[\"read\"]}]",
        "[{\"match\":\"exact\",\"value\":\"@u8\",\"can\":[\"read\"]}]",
        "[{\"match\":\"exact\",\"value\":\"dm.0a1b\",\"can\":[\"read\"]}]",
        "[{\"match\":\"prefix\",\"value\":\"dm.\",\"can\":[\"read\"]}]"
      })
  void rooms_that_are_not_as_they_should_be_are_refused_whole(String rooms) throws Exception {
    var claims = Tokens.claims(NOW, Map.of("rooms", Json.MAPPER.readTree(rooms)));

    assertThat(verdict(Tokens.signed(claims)))
        .isInstanceOfSatisfying(
            Verdict.Invalid.class,
            invalid -> assertThat(invalid.reason()).startsWith("The token's rooms must be a list"));
  }

  @Test
  void a_caller_does_not_print_the_claims() {
    assertThat(callerOf(Map.of("secret_plan", "x"))).hasToString("Caller[u7]");
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }
}
