package partyline.gateway;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.gateway.http.Connections;
import partyline.gateway.http.Cors;
import partyline.gateway.token.KeySetPlace;
import partyline.gateway.token.KeysConfig;
import partyline.gateway.token.VerificationKeys.Issuer;
import partyline.gateway.token.WeakSecret;
import partyline.room.Acks;
import partyline.room.Limits;
import partyline.room.NodeName;
import partyline.room.Partitions;
import partyline.room.Settings;
import partyline.room.Settings.Listen;
import partyline.room.Settings.Secret;
import partyline.room.Subnet;
import partyline.room.archive.ArchiveUrl;
import partyline.room.chat.Policy;

/**
 * What a gateway is told by its environment, checked. The one home of the defaults.
 *
 * @param keyPrefix stands before every Redis key and channel
 * @param partitions into how many what is kept is divided
 * @param node the name told to clients in {@code hello}, unique in the cluster
 * @param keys whom it believes, and what it signs with
 * @param anonymousRead whether open rooms can be read without a token
 * @param roomCreation who makes a room by saying something in it
 * @param serviceWritesPerSecond what one sender of the site may write, over all rooms and nodes
 * @param connections HTTP connections of the public listener, of all loops together
 * @param streamsPerAddress of people without a name, guests included, behind one address
 * @param maxAge how long a stream lives, ± 20 %
 * @param rebalance whether it gives streams away while it has many more than other nodes
 * @param drainPropagation how long a draining node serves on, until balancers have noticed
 * @param drainWindow over which the streams of a draining node end
 * @param drainGrace after which a draining node exits, whatever is still open
 * @param archive where older messages are, and are searched; empty where there is none
 * @param webhookHttp whether webhooks may be called by plain http, as workers see it too
 */
public record GatewayConfig(
    String redisUrl,
    String keyPrefix,
    Partitions partitions,
    Acks acks,
    String node,
    Listen listen,
    Listen opsListen,
    Mode mode,
    KeysConfig keys,
    boolean guests,
    boolean anonymousRead,
    Policy.Creation roomCreation,
    int serviceWritesPerSecond,
    Cors.Origins origins,
    List<Subnet> trustedProxies,
    int connections,
    int streamsPerAddress,
    Duration maxAge,
    boolean rebalance,
    Duration heartbeat,
    StreamEnd streamEnd,
    Duration drainPropagation,
    Duration drainWindow,
    Duration drainGrace,
    int eventLoops,
    Optional<ArchiveUrl> archive,
    boolean webhookHttp,
    OpsConfig ops) {

  /** Whom a node serves. */
  public enum Mode {
    /** Other people: a key that could be guessed stops the start. */
    PRODUCTION,
    /** Whoever tries it out on a machine of their own; what {@code up} says. */
    LOCAL
  }

  /** How the body of a stream ends that the server ends. */
  public enum StreamEnd {
    /** As a broken transfer: one popular client never reconnects after a body that ended well. */
    ABRUPT,
    /** As HTTP means it, for proxies that count resets as outliers. */
    CLEAN
  }

  private static final Logger LOG = LoggerFactory.getLogger(GatewayConfig.class);
  private static final int HOUR = 3_600;

  /**
   * Throws {@link Settings.Wrong} with the sentence for the operator; warns of names that look like
   * ours and are none.
   */
  public static GatewayConfig from(Map<String, String> env) {
    var settings = new Settings(env);
    settings.warnings().forEach(sentence -> LOG.warn("{}", sentence));
    Mode mode = settings.choice("PARTYLINE_MODE", Mode.class, Mode.PRODUCTION);
    return new GatewayConfig(
        settings.text("REDIS_URL", "redis://127.0.0.1:6379"),
        settings.text("PARTYLINE_KEY_PREFIX", ""),
        settings.partitions(),
        settings.choice("PARTYLINE_ACKS", Acks.class, Acks.PRIMARY),
        NodeName.told(settings).orElseGet(() -> NodeName.unique(NodeName.ofHost("gateway"))),
        settings.listen("PARTYLINE_LISTEN", new Listen("0.0.0.0", 8080)),
        settings.listen("PARTYLINE_OPS_LISTEN", new Listen("127.0.0.1", 7080)),
        mode,
        keys(settings, mode),
        settings.flag("PARTYLINE_GUESTS", false),
        settings.flag("PARTYLINE_ANONYMOUS_READ", false),
        settings.choice("PARTYLINE_ROOM_CREATION", Policy.Creation.class, Policy.Creation.MEMBERS),
        settings.number(
            "PARTYLINE_SERVICE_WRITES_PER_SECOND", Limits.SERVICE_WRITES_PER_SECOND, 1, 1_000_000),
        origins(settings.list("PARTYLINE_ORIGINS")),
        settings.list("PARTYLINE_TRUSTED_PROXIES").stream().map(GatewayConfig::proxy).toList(),
        settings.number(
            "PARTYLINE_CONNECTIONS", Connections.byOpenFiles(), 1, Limits.CONNECTIONS_MAX),
        settings.number(
            "PARTYLINE_STREAMS_PER_ADDRESS", Limits.GUEST_STREAMS_PER_ADDRESS, 1, 1_000_000),
        settings.seconds("PARTYLINE_MAX_AGE_SECONDS", Duration.ofMinutes(30), 10, 24 * HOUR),
        settings.flag("PARTYLINE_REBALANCE", true),
        settings.seconds(
            "PARTYLINE_HEARTBEAT_SECONDS",
            Duration.ofSeconds(17),
            1,
            (int) Limits.HEARTBEAT_MAX.toSeconds()),
        settings.choice("PARTYLINE_STREAM_END", StreamEnd.class, StreamEnd.ABRUPT),
        settings.seconds("PARTYLINE_DRAIN_PROPAGATION_SECONDS", Duration.ofSeconds(5), 0, HOUR),
        settings.seconds("PARTYLINE_DRAIN_WINDOW_SECONDS", Duration.ofSeconds(30), 0, HOUR),
        settings.seconds("PARTYLINE_DRAIN_GRACE_SECONDS", Duration.ofSeconds(60), 1, 2 * HOUR),
        settings.number(
            "PARTYLINE_EVENT_LOOPS", Runtime.getRuntime().availableProcessors(), 1, 256),
        word(settings, "ARCHIVE_URL").map(ArchiveUrl::parse),
        settings.flag("PARTYLINE_WEBHOOK_HTTP", false),
        OpsConfig.from(settings));
  }

  public GatewayConfig {
    trustedProxies = List.copyOf(trustedProxies);
    Duration drain = drainPropagation.plus(drainWindow).plus(Limits.DRAIN_LEAVE);
    if (drain.compareTo(drainGrace) > 0) {
      throw new Settings.Wrong(
          "PARTYLINE_DRAIN_GRACE_SECONDS is \""
              + drainGrace.toSeconds()
              + "\". Write at least "
              + drain.toSeconds()
              + ", the sum of PARTYLINE_DRAIN_PROPAGATION_SECONDS,"
              + " PARTYLINE_DRAIN_WINDOW_SECONDS and "
              + Limits.DRAIN_LEAVE.toSeconds()
              + " s for the last to leave: streams would be cut before their goodbye.");
    }
  }

  /**
   * What holds in rooms that nobody has set up. Where anybody reads them, guests do too: who may
   * post is decided by who gets a token.
   */
  public Policy policy() {
    return new Policy(roomCreation, guests || anonymousRead, serviceWritesPerSecond);
  }

  private static KeysConfig keys(Settings settings, Mode mode) {
    Secret secret =
        secret(settings, mode, "PARTYLINE_SECRET")
            .orElseThrow(() ->
                new Settings.Wrong(
                    "PARTYLINE_SECRET is not set. Write the key that your site signs its tokens"
                        + " with, at least "
                        + Limits.SECRET_BYTES_MIN
                        + " bytes, for example what `openssl rand -hex 32` prints; or name a file"
                        + " that holds it in PARTYLINE_SECRET_FILE."));
    var site =
        new Issuer.Site(word(settings, "PARTYLINE_ISSUER"), word(settings, "PARTYLINE_AUDIENCE"));
    return new KeysConfig(
        secret,
        secret(settings, mode, "PARTYLINE_OTHER_SECRET"),
        site,
        settings.list("PARTYLINE_JWKS").stream().map(entry -> keySet(entry, site)).toList());
  }

  private static Optional<Secret> secret(Settings settings, Mode mode, String name) {
    Optional<Secret> secret = settings.secret(name, Limits.SECRET_BYTES_MIN);
    secret
        .filter(any -> mode == Mode.PRODUCTION)
        .flatMap(WeakSecret::reason)
        .ifPresent(reason -> {
          throw new Settings.Wrong(
              name
                  + " could be guessed: "
                  + reason
                  + ". Write what `openssl rand -hex 32` prints, or PARTYLINE_MODE=local on a"
                  + " machine that serves nobody else.");
        });
    return secret;
  }

  private static KeySetPlace keySet(String entry, Issuer.Site preset) {
    return KeySetPlace.parse(entry, preset)
        .orElseThrow(() ->
            new Settings.Wrong(
                "PARTYLINE_JWKS",
                entry,
                "Write the path of a JSON Web Key Set or its https URL (http on this machine"
                    + " only), then perhaps iss=<issuer> and aud=<audience>; several are separated"
                    + " by commas."));
  }

  private static Optional<String> word(Settings settings, String name) {
    return Optional.of(settings.text(name, "")).filter(text -> !text.isEmpty());
  }

  private static Cors.Origins origins(List<String> texts) {
    for (String text : texts) {
      if (!Cors.Origins.isValid(text)) {
        throw new Settings.Wrong(
            "PARTYLINE_ORIGINS",
            text,
            "Write exact origins like https://www.example.com (scheme, host and port, no path),"
                + " separated by commas, or localhost, or *.");
      }
    }
    return Cors.Origins.of(texts);
  }

  private static Subnet proxy(String text) {
    return Subnet.parse(text)
        .orElseThrow(() ->
            new Settings.Wrong(
                "PARTYLINE_TRUSTED_PROXIES",
                text,
                "Write addresses or networks like 10.0.0.7 or 10.0.0.0/8, separated by"
                    + " commas."));
  }

  /** Without secrets: the address of Redis may hold a password. */
  @Override
  public String toString() {
    return "GatewayConfig[node=" + node + ", listen=" + listen + ", opsListen=" + opsListen + "]";
  }
}
