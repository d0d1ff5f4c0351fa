package partyline.gateway.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import partyline.room.Limits;
import partyline.room.Settings.Secret;

final class KnownTokensTest {

  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

  private final SharedSecret secret =
      new SharedSecret(new Secret("0123456789abcdef0123456789abcdef".getBytes(UTF_8)));
  private final KnownTokens tokens = new KnownTokens(new TokenVerifier(secret));

  @Test
  void a_known_token_answers_as_it_did_at_first() {
    String token = new GuestTokens(secret).create("Ada", Tokens.HOME, NOW).token();

    Verdict first = tokens.verify(token, NOW);

    assertThat(first).isInstanceOf(Verdict.Valid.class);
    assertThat(tokens.verify(token, NOW)).isSameAs(first);
  }

  @Test
  void a_known_token_ends_when_it_expires() {
    var guest = new GuestTokens(secret).create("Ada", Tokens.HOME, NOW);
    tokens.verify(guest.token(), NOW);
    Instant end = guest.caller().expiresAt().plus(Limits.TOKEN_LEEWAY);

    assertThat(tokens.verify(guest.token(), end.minusSeconds(1))).isInstanceOf(Verdict.Valid.class);
    assertThat(tokens.verify(guest.token(), end)).isInstanceOf(Verdict.Expired.class);
  }

  @Test
  void a_token_that_differs_in_one_character_of_a_known_one_is_refused() {
    String token = new GuestTokens(secret).create("Ada", Tokens.HOME, NOW).token();
    tokens.verify(token, NOW);
    char other = token.charAt(token.length() - 8) == 'A' ? 'B' : 'A';
    String forged =
        token.substring(0, token.length() - 8) + other + token.substring(token.length() - 7);

    assertThat(tokens.verify(forged, NOW)).isInstanceOf(Verdict.Invalid.class);
  }
}
