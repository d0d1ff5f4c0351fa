package partyline.gateway.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.gateway.token.VerificationKeys.Issuer;
import partyline.room.Limits;
import partyline.room.Settings;
import partyline.room.process.Eventually;

/** Tokens signed with public keys that somebody else keeps, in a file or behind a URL. */
final class TokenKeysTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final RSAKey RSA = rsa(2_048, "rsa-1");
  private static final ECKey EC = ec("ec-1");
  private static final KeyPair ED = ed25519();

  private final SharedSecret secret = new SharedSecret(Tokens.SECRET);
  private TokenKeys keys = TokenKeys.open(secret, List.of());

  @TempDir Path folder;

  @AfterEach
  void close() {
    keys.close();
  }

  // --- Algorithms ------------------------------------------------------------------------------

  @Test
  void rs256_es256_and_eddsa_are_good_by_their_kid() throws Exception {
    open(file(RSA, EC, edKey("ed-1")));

    assertThat(verdict(rsaToken(RSA, "rsa-1"))).isInstanceOf(Verdict.Valid.class);
    assertThat(verdict(ecToken(EC, "ec-1"))).isInstanceOf(Verdict.Valid.class);
    assertThat(verdict(edToken("ed-1"))).isInstanceOf(Verdict.Valid.class);
    assertThat(verdict(Tokens.member("u7", NOW))).isInstanceOf(Verdict.Valid.class);
  }

  @Test
  void a_signature_of_ed25519_that_was_changed_is_refused() throws Exception {
    open(file(edKey("ed-1")));
    String token = edToken("ed-1");
    String[] parts = token.split("\\.");
    byte[] signature = new Base64URL(parts[2]).decode();
    signature[7] ^= 1;

    for (byte[] forged : List.of(signature, new byte[64], new byte[0], new byte[63])) {
      assertThat(verdict(parts[0] + "." + parts[1] + "." + Base64URL.encode(forged)))
          .isInstanceOf(Verdict.Invalid.class);
    }
  }

  @Test
  void a_key_without_a_name_is_for_tokens_without_one() throws Exception {
    open(file(new ECKey.Builder(EC).keyID(null).build()));

    assertThat(verdict(ecToken(EC, null))).isInstanceOf(Verdict.Valid.class);
    assertThat(verdict(ecToken(EC, "ec-1"))).isInstanceOf(Verdict.Invalid.class);
  }

  // --- Attacks ---------------------------------------------------------------------------------

  @Test
  void a_public_key_used_as_a_shared_secret_is_refused() throws Exception {
    open(file(RSA));
    var header = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa-1").build();
    byte[] der = RSA.toRSAPublicKey().getEncoded();
    byte[] json = RSA.toPublicJWK().toJSONString().getBytes(UTF_8);

    for (byte[] known : List.of(der, json, RSA.getModulus().decode())) {
      assertThat(verdict(signed(header, new MACSigner(known)))).isInstanceOf(Verdict.Invalid.class);
    }
  }

  @Test
  void another_algorithm_than_the_keys_own_is_refused() throws Exception {
    open(file(RSA));
    for (JWSAlgorithm other : List.of(JWSAlgorithm.RS512, JWSAlgorithm.PS256)) {
      var header = new JWSHeader.Builder(other).keyID("rsa-1").build();
      assertThat(verdict(signed(header, new RSASSASigner(RSA))))
          .isInstanceOf(Verdict.Invalid.class);
    }
  }

  @Test
  void an_unknown_kid_and_one_of_another_key_are_refused() throws Exception {
    ECKey other = ec("ec-2");
    open(file(EC, other));

    assertThat(verdict(ecToken(EC, "ec-9"))).isInstanceOf(Verdict.Invalid.class);
    assertThat(verdict(ecToken(EC, "ec-2"))).isInstanceOf(Verdict.Invalid.class);
    assertThat(verdict(ecToken(EC, null))).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void a_key_set_can_not_speak_for_guests() throws Exception {
    ECKey sly = ec(SharedSecret.GUEST_KEY_ID);
    open(file(sly));
    String claims = Tokens.json(Tokens.claims(NOW, Map.of("sub", "guest:abc")));
    var header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(SharedSecret.GUEST_KEY_ID).build();

    assertThat(verdict(signed(header, claims, new ECDSASigner(sly))))
        .isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void one_issuers_key_does_not_sign_for_another() throws Exception {
    ECKey theirs = ec("ec-1");
    keys.close();
    keys =
        TokenKeys.open(
            secret,
            List.of(
                place(write("a.json", EC) + " iss=a"), place(write("b.json", theirs) + " iss=b")));

    assertThat(verdict(issued(EC, "a"))).isInstanceOf(Verdict.Valid.class);
    assertThat(verdict(issued(theirs, "b"))).isInstanceOf(Verdict.Valid.class);
    assertThat(verdict(issued(theirs, "a"))).isInstanceOf(Verdict.Invalid.class);
    assertThat(verdict(issued(EC, "b"))).isInstanceOf(Verdict.Invalid.class);
  }

  @Test
  void keys_for_other_purposes_are_passed_over() throws Exception {
    ECKey forEncryption = new ECKey.Builder(ec("enc")).keyUse(KeyUse.ENCRYPTION).build();
    ECKey forMore = new ECKey.Builder(ec("es512")).algorithm(JWSAlgorithm.ES512).build();
    open(file(forEncryption, forMore, EC));

    assertThat(verdict(ecToken(EC, "ec-1"))).isInstanceOf(Verdict.Valid.class);
    assertThat(verdict(ecToken(forEncryption, "enc"))).isInstanceOf(Verdict.Invalid.class);
    assertThat(verdict(ecToken(forMore, "es512"))).isInstanceOf(Verdict.Invalid.class);
  }

  // --- Files -----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "{\"keys\":[]}",
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}]}"
      })
  void a_file_without_a_usable_key_stops_the_start_with_a_sentence(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("bad.json"), text);

    assertThatThrownBy(() -> TokenKeys.open(secret, List.of(place(file.toString()))))
        .isInstanceOf(Settings.Wrong.class)
        .hasMessageStartingWith("PARTYLINE_JWKS is \"" + file + "\". Write the path or the URL");
  }

  @Test
  void a_file_that_is_missing_or_endless_stops_the_start() throws Exception {
    Path big = Files.writeString(folder.resolve("big"), " ".repeat(Limits.JWKS_BYTES + 1));
    for (Path file : List.of(big, folder.resolve("none"))) {
      assertThatThrownBy(() -> TokenKeys.open(secret, List.of(place(file.toString()))))
          .isInstanceOf(Settings.Wrong.class);
    }
  }

  @Test
  void a_changed_file_is_read_again_and_a_broken_one_changes_nothing() throws Exception {
    ECKey next = ec("ec-2");
    Path file = write("keys.json", EC);
    open(file);

    Files.writeString(file, "{");
    keys.refresh();
    assertThat(verdict(ecToken(EC, "ec-1"))).isInstanceOf(Verdict.Valid.class);

    write("keys.json", next);
    keys.refresh();
    assertThat(verdict(ecToken(next, "ec-2"))).isInstanceOf(Verdict.Valid.class);
    assertThat(verdict(ecToken(EC, "ec-1"))).isInstanceOf(Verdict.Invalid.class);
  }

  // --- URLs ------------------------------------------------------------------------------------

  @Test
  void an_unknown_kid_asks_a_url_once_however_many_tokens_name_it() throws Exception {
    ECKey next = ec("ec-2");
    try (var site = new Site(EC)) {
      open(site.url());
      site.shows(EC, next);

      for (int i = 0; i < 100; i++) {
        keys.find(Optional.of("unknown-" + i));
      }
      Eventually.holds("the new key is known", () -> isValid(ecToken(next, "ec-2")));
      for (int i = 0; i < 100; i++) {
        keys.find(Optional.of("unknown-" + i));
      }

      assertThat(site.asked.get()).isEqualTo(2);
    }
  }

  @Test
  void the_last_good_keys_stay_while_the_url_is_away_or_talks_nonsense() throws Exception {
    try (var site = new Site(EC)) {
      open(site.url());
      site.status = 500;
      keys.refresh();
      assertThat(isValid(ecToken(EC, "ec-1"))).isTrue();

      site.status = 200;
      site.body = "<html>".getBytes(UTF_8);
      keys.refresh();
      assertThat(isValid(ecToken(EC, "ec-1"))).isTrue();

      site.body = new byte[Limits.JWKS_BYTES + 1];
      Arrays.fill(site.body, (byte) ' ');
      keys.refresh();
      assertThat(isValid(ecToken(EC, "ec-1"))).isTrue();
    }
    keys.refresh();
    assertThat(isValid(ecToken(EC, "ec-1"))).isTrue();
  }

  @Test
  void a_url_that_is_away_at_start_is_waited_for_without_stopping_anybody() throws Exception {
    try (var site = new Site(EC)) {
      site.status = 503;
      open(site.url());
      assertThat(verdict(ecToken(EC, "ec-1"))).isInstanceOf(Verdict.Invalid.class);

      site.status = 200;
      keys.refresh();
      assertThat(verdict(ecToken(EC, "ec-1"))).isInstanceOf(Verdict.Valid.class);
    }
  }

  @Test
  void a_redirect_is_not_followed() throws Exception {
    try (var site = new Site(EC);
        var other = new Site(ec("evil"))) {
      site.status = 302;
      site.location = other.url();
      open(site.url());

      assertThat(other.asked.get()).isZero();
    }
  }

  /** Where an issuer shows its keys. */
  private static final class Site implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile byte[] body = new byte[0];
    private volatile int status = 200;
    private volatile String location = "";

    Site(JWK... shown) throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/keys",
          exchange -> {
            asked.incrementAndGet();
            if (!location.isEmpty()) {
              exchange.getResponseHeaders().set("Location", location);
            }
            try (exchange) {
              exchange.sendResponseHeaders(status, body.length);
              exchange.getResponseBody().write(body);
            }
          });
      shows(shown);
      server.start();
    }

    void shows(JWK... keys) {
      body = json(keys).getBytes(UTF_8);
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  // --- Help ------------------------------------------------------------------------------------

  private void open(Object place) {
    keys.close();
    keys = TokenKeys.open(secret, List.of(place(place.toString())));
  }

  private static KeySetPlace place(String entry) {
    return KeySetPlace.parse(entry, Issuer.Site.ANY).orElseThrow();
  }

  private Path file(JWK... all) throws IOException {
    return write("keys.json", all);
  }

  private Path write(String name, JWK... all) throws IOException {
    return Files.writeString(folder.resolve(name), json(all));
  }

  private static String json(JWK... all) {
    return new JWKSet(List.of(all)).toString(true);
  }

  private Verdict verdict(String token) {
    return new TokenVerifier(keys).verify(token, NOW);
  }

  private boolean isValid(String token) {
    return verdict(token) instanceof Verdict.Valid;
  }

  private static String rsaToken(RSAKey key, String kid) throws JOSEException {
    return signed(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build(), new RSASSASigner(key));
  }

  private static String ecToken(ECKey key, @Nullable String kid) {
    try {
      var plain = new ECKey.Builder(key.getCurve(), key.getX(), key.getY()).d(key.getD()).build();
      return signed(
          new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(kid).build(), new ECDSASigner(plain));
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String issued(ECKey key, String iss) throws JOSEException {
    return signed(
        new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec-1").build(),
        Tokens.json(Tokens.claims(NOW, Map.of("iss", iss))),
        new ECDSASigner(key));
  }

  private static String signed(JWSHeader header, JWSSigner signer) throws JOSEException {
    return signed(header, Tokens.json(Tokens.claims(NOW, Map.of())), signer);
  }

  private static String signed(JWSHeader header, String claims, JWSSigner signer)
      throws JOSEException {
    var token = new JWSObject(header, new Payload(claims));
    token.sign(signer);
    return token.serialize();
  }

  /** By hand: the library signs with Ed25519 only beside another library. */
  private static String edToken(String kid) throws Exception {
    String head = base64("{\"alg\":\"EdDSA\",\"kid\":\"" + kid + "\"}");
    String claims = base64(Tokens.json(Tokens.claims(NOW, Map.of())));
    var signature = Signature.getInstance("Ed25519");
    signature.initSign(ED.getPrivate());
    signature.update((head + "." + claims).getBytes(UTF_8));
    return head + "." + claims + "." + Base64URL.encode(signature.sign());
  }

  private static OctetKeyPair edKey(String kid) {
    byte[] spki = ED.getPublic().getEncoded();
    byte[] x = Arrays.copyOfRange(spki, spki.length - 32, spki.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).keyID(kid).build();
  }

  private static String base64(String text) {
    return Base64URL.encode(text).toString();
  }

  private static RSAKey rsa(int bits, String kid) {
    try {
      return new RSAKeyGenerator(bits).keyID(kid).generate();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static ECKey ec(String kid) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static KeyPair ed25519() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (java.security.NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
