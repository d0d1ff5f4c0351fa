package partyline.deploy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.deploy.cluster.ClusterSecret;
import partyline.room.UserId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** A token as a site would sign it, for trying things out. */
@Command(
    name = "token",
    description = {
      "Print a token of somebody, signed with the secret of the cluster in the data folder.",
      "",
      "It is what a site signs for a member who is logged in: HS256 over sub, name, iat and exp."
          + " With --service it is one of the site's own backend; with --room it gives rights in a"
          + " room. Guests get theirs from POST /v1/guests."
    })
final class TokenCommand implements Callable<Integer> {
  private static final Pattern LIFE = Pattern.compile("(\\d{1,6})([smhd])");

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--sub",
      required = true,
      paramLabel = "USER",
      description = "Who it is, as the site knows them: 1 to 128 printable characters.")
  private String sub = "";

  @Option(names = "--name", paramLabel = "NAME", description = "What others see. Default: the sub.")
  private @Nullable String name;

  @Option(
      names = "--avatar",
      paramLabel = "URL",
      description = "A picture for the others to see; https.")
  private @Nullable String avatar;

  @Option(
      names = "--service",
      description = "A token of the site's own backend, which may do everything.")
  private boolean service;

  @Option(
      names = "--bot",
      description = "The same for one that talks in rooms: others see that it is a bot.")
  private boolean bot;

  @Option(
      names = "--room",
      paramLabel = "ROOM=CAN",
      description = {
        "What it gives in a room, or with a * at the end in all that begin so: read, post, emit and"
            + " moderate, with commas between. Repeat it for more rooms.",
        "Example: --room news=read --room shop-*=read,post"
      })
  private List<RoomClaim> rooms = List.of();

  @Option(
      names = "--iss",
      paramLabel = "ISSUER",
      description = "Who issues it, where the gateways have PARTYLINE_ISSUER.")
  private @Nullable String issuer;

  @Option(
      names = "--aud",
      paramLabel = "AUDIENCE",
      description = "Whom it is for, where the gateways have PARTYLINE_AUDIENCE.")
  private @Nullable String audience;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      defaultValue = "12h",
      description =
          "How long it is valid, as 90s, 15m, 12h or 1d; 24h at most."
              + " Default: ${DEFAULT-VALUE}.")
  private Duration life = Duration.ZERO;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The data folder of the cluster. Default: the checkout's .partyline.")
  private Path data = Partyline.usualData();

  @Override
  public Integer call() {
    var line = java.util.Objects.requireNonNull(spec).commandLine();
    UserId user =
        UserId.parse(sub)
            .orElseThrow(() ->
                new ParameterException(line, "--sub must be 1 to 128 printable characters long."));
    ClusterSecret secret =
        ClusterSecret.find(data)
            .orElseThrow(() ->
                new ParameterException(
                    line,
                    "There is no secret in "
                        + data.toAbsolutePath().normalize()
                        + " yet: start a cluster with `partyline up`, or name the folder of"
                        + " one with --data."));
    line.getOut().println(secret.token(user, claims(), life, Instant.now()));
    line.getOut().flush();
    return 0;
  }

  private Map<String, Object> claims() {
    var claims = new LinkedHashMap<String, Object>();
    Optional.ofNullable(name).ifPresent(text -> claims.put("name", text));
    Optional.ofNullable(avatar).ifPresent(link -> claims.put("avatar", link));
    Optional.ofNullable(issuer).ifPresent(site -> claims.put("iss", site));
    Optional.ofNullable(audience).ifPresent(cluster -> claims.put("aud", cluster));
    if (service || bot) {
      claims.put("role", bot ? "bot" : "service");
    }
    if (!rooms.isEmpty()) {
      claims.put("rooms", rooms.stream().map(RoomClaim::json).toList());
    }
    return claims;
  }

  static Duration duration(String text) {
    Matcher match = LIFE.matcher(text);
    if (!match.matches()) {
      throw new TypeConversionException(
          "'" + text + "' is no time: write a number and s, m, h or d, such as 12h.");
    }
    long number = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }
}
