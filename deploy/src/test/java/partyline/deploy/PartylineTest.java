package partyline.deploy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.gateway.GatewayConfig;
import partyline.gateway.token.Caller;
import partyline.gateway.token.TokenVerifier;
import partyline.gateway.token.Verdict;
import partyline.room.RoomId;
import partyline.room.chat.Grant;
import picocli.CommandLine;

final class PartylineTest {
  private static final int WRONG_USE = 2;
  private static final String SECRET = "a secret of a site, long enough for HS256";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path data;

  @Test
  void help_names_every_command() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("up ", "gateway ", "worker ", "token ", "load ");
  }

  @Test
  void up_starts_two_gateways_and_a_worker_unless_told_otherwise() {
    var up = requireNonNull(Partyline.commandLine().getSubcommands().get("up")).getCommandSpec();

    assertThat(up.findOption("--gateways").defaultValue()).isEqualTo("2");
    assertThat(up.findOption("--workers").defaultValue()).isEqualTo("1");
    assertThat(up.findOption("--port").defaultValue()).isNull();
  }

  @Test
  void what_commands_share_has_defaults_of_each() {
    assertThat(run("torture", "--help")).isZero();
    assertThat(run("soak", "--help")).isZero();

    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains("--gateways=N Of the cluster of its own. Default: 3.")
        .contains("--gateways=N Of the cluster of its own. Default: 2.")
        .contains("at most. Default: 500.", "at most. Default: 200.");
  }

  @Test
  void without_a_folder_the_data_of_the_checkout_is_meant() {
    assertThat(Partyline.usualData().getFileName()).hasToString(".partyline");
  }

  @ParameterizedTest
  @CsvSource({
    "--gateways, 0, --gateways is 0: write a number from 1 to 20.",
    "--gateways, 21, --gateways is 21: write a number from 1 to 20.",
    "--workers, -1, --workers is -1: write a number from 0 to 20.",
    "--port, 65536, --port is 65536: write a number from 1 to 65535.",
    "--gateways, two, Invalid value for option '--gateways': 'two' is not an int",
  })
  void a_wrong_number_is_refused_with_what_to_write(String option, String value, String sentence) {
    assertThat(run("up", option, value, "--data", data.toString())).isEqualTo(WRONG_USE);
    assertThat(err.toString()).startsWith(sentence);
    assertThat(data).isEmptyDirectory();
  }

  @Test
  void a_slip_gets_a_suggestion_and_not_the_whole_help() {
    assertThat(run("tokn")).isEqualTo(WRONG_USE);
    assertThat(err.toString()).contains("Did you mean", "partyline token").hasLineCount(3);
  }

  @ParameterizedTest
  @CsvSource({
    "--streams, 0, --streams is 0: write a number from 1 to 576000.",
    "--rate, 0, --rate is 0: write a number from 0.1 to 20000.",
    "--rate, NaN, --rate is NaN: write a number from 0.1 to 20000.",
    "--seconds, 100000, --seconds is 100000: write a number from 1 to 86400.",
    "--processes, 33, --processes is 33: write a number from 1 to 32.",
    "--payload-bytes, 4001, --payload-bytes is 4001: write a number from 1 to 4000.",
    "--transport, websocket, '--transport is websocket: write sse, poll or mixed.'",
    "--url, ftp://localhost, '--url is ftp://localhost: write http://host:port or https://host.'",
  })
  void a_load_without_bounds_is_refused(String option, String value, String sentence) {
    assertThat(run("load", option, value, "--data", data.toString())).isEqualTo(WRONG_USE);
    assertThat(err.toString()).startsWith(sentence);
  }

  @Test
  void another_machine_is_loaded_only_by_whoever_says_that_it_is_theirs() {
    assertThat(run("load", "--url", "http://192.0.2.1:8080", "--data", data.toString()))
        .isEqualTo(WRONG_USE);
    assertThat(err.toString()).contains("another machine", "--this-cluster-is-mine");
  }

  @Test
  void a_load_without_a_cluster_says_how_to_start_one() throws Exception {
    int nobody;
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = taken.getLocalPort();
    }

    assertThat(run("load", "--url", "http://127.0.0.1:" + nobody, "--data", data.toString()))
        .isNotZero();
    assertThat(err.toString()).startsWith("Nobody answers at http://127.0.0.1:" + nobody);
  }

  @Test
  void a_token_is_what_a_site_would_sign() throws Exception {
    writeSecret();

    assertThat(token("--sub", "ada", "--name", "Ada")).isZero();

    var token = SignedJWT.parse(out.toString().strip());
    assertThat(token.verify(new MACVerifier(SECRET))).isTrue();
    assertThat(token.getHeader().toJSONObject()).containsOnlyKeys("alg");
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getClaims()).containsOnlyKeys("sub", "name", "iat", "exp");
    assertThat(claims.getSubject()).isEqualTo("ada");
    assertThat(claims.getClaim("name")).isEqualTo("Ada");
    assertThat(claims.getIssueTime().toInstant().plus(Duration.ofHours(12)))
        .isEqualTo(claims.getExpirationTime().toInstant());
  }

  @Test
  void a_token_of_a_service_says_so() throws Exception {
    writeSecret();

    assertThat(token("--sub", "shop", "--service", "--iss", "us", "--aud", "chat")).isZero();

    var caller = caller("PARTYLINE_ISSUER", "us", "PARTYLINE_AUDIENCE", "chat");
    assertThat(caller.isService()).isTrue();
  }

  @Test
  void a_token_gives_rights_in_rooms_as_gateways_read_them() throws Exception {
    writeSecret();

    assertThat(token("--sub", "ada", "--room", "news=read", "--room", "shop-*=post,emit")).isZero();

    var caller = caller();
    assertThat(caller.in(new RoomId("news")).grants()).containsExactly(Grant.READ);
    assertThat(caller.in(new RoomId("shop-1")).grants())
        .containsExactlyInAnyOrder(Grant.POST, Grant.EMIT);
    assertThat(caller.in(new RoomId("shop")).grants()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"90s, 90", "15m, 900", "2h, 7200", "1d, 86400"})
  void a_token_lives_as_long_as_asked(String life, long seconds) throws Exception {
    writeSecret();

    assertThat(token("--sub", "7", "--ttl", life)).isZero();

    var claims = SignedJWT.parse(out.toString().strip()).getJWTClaimsSet();
    assertThat(claims.getIssueTime().toInstant().plusSeconds(seconds))
        .isEqualTo(claims.getExpirationTime().toInstant());
  }

  @ParameterizedTest
  @CsvSource({
    "--ttl, 25h, A token lives from 1 s to 24 h.",
    "--ttl, 0s, A token lives from 1 s to 24 h.",
    "--ttl, soon, Invalid value for option '--ttl': 'soon' is no time",
    "--room, news, Invalid value for option '--room' (ROOM=CAN): 'news' is no claim",
    "--room, News=read, Invalid value for option '--room' (ROOM=CAN): 'News=read' is no claim",
    "--room, 'news=read,fly', Invalid value for option '--room' (ROOM=CAN): 'fly' is nothing to",
    "--sub, guest:1, Only the gateways make guests",
    "--sub, '', --sub must be 1 to 128 printable characters long.",
  })
  void a_token_that_a_gateway_would_refuse_is_not_made(String option, String value, String sentence)
      throws Exception {
    writeSecret();

    assertThat(option.equals("--sub") ? token(option, value) : token("--sub", "ada", option, value))
        .isNotZero();
    assertThat(err.toString()).startsWith(sentence);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void without_a_cluster_there_is_no_token_and_no_new_secret() {
    assertThat(token("--sub", "ada")).isEqualTo(WRONG_USE);
    assertThat(err.toString()).startsWith("There is no secret in " + data);
    assertThat(data).isEmptyDirectory();
  }

  /** Whom a gateway takes the printed token for. */
  private Caller caller(String... settings) {
    var all = new HashMap<>(Map.of("PARTYLINE_SECRET", SECRET, "PARTYLINE_MODE", "local"));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    var keys = GatewayConfig.from(all).keys();
    var verdict =
        new TokenVerifier(keys.sharedSecret()).verify(out.toString().strip(), Instant.now());
    assertThat(verdict).isInstanceOf(Verdict.Valid.class);
    return ((Verdict.Valid) verdict).caller();
  }

  private int token(String... options) {
    var arguments = new ArrayList<>(List.of("token", "--data", data.toString()));
    arguments.addAll(List.of(options));
    return run(arguments.toArray(String[]::new));
  }

  private int run(String... arguments) {
    CommandLine line = Partyline.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return line.execute(arguments);
  }

  private void writeSecret() throws IOException {
    Files.writeString(data.resolve("secret"), SECRET + "\n", StandardCharsets.UTF_8);
  }
}
