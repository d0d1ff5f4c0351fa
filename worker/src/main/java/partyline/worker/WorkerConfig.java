package partyline.worker;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import partyline.room.Limits;
import partyline.room.NodeName;
import partyline.room.Partitions;
import partyline.room.Settings;
import partyline.room.Settings.Listen;
import partyline.room.Subnet;
import partyline.room.archive.ArchiveUrl;
import partyline.worker.webhook.Addresses;
import partyline.worker.webhook.Postman;

/**
 * What a worker is told by its environment, checked. The one home of the defaults.
 *
 * @param keyPrefix stands before every Redis key and channel
 * @param partitions into how many what is kept is divided
 * @param owner the name in its leases, of this process alone
 * @param logAge how far the log reaches back, if its ceiling permits
 * @param historyAge how long messages are kept
 * @param webhooks what may be called beyond https on the internet
 * @param archive empty where there is none
 */
public record WorkerConfig(
    String redisUrl,
    String keyPrefix,
    Partitions partitions,
    String owner,
    Listen opsListen,
    Duration logAge,
    Duration historyAge,
    Postman.Permit webhooks,
    Optional<Archive> archive) {

  /**
   * Where messages are kept longer.
   *
   * @param age how long, for rooms that don't say otherwise; empty = without an end
   * @param searchable whether they can be searched
   */
  public record Archive(ArchiveUrl url, Optional<Duration> age, boolean searchable) {}

  /** Throws {@link Settings.Wrong} with the sentence for the operator. */
  public static WorkerConfig from(Map<String, String> env) {
    var settings = new Settings(env);
    return new WorkerConfig(
        settings.text("REDIS_URL", "redis://127.0.0.1:6379"),
        settings.text("PARTYLINE_KEY_PREFIX", ""),
        settings.partitions(),
        // A node that starts again keeps its name, but must not pass for its dead self.
        NodeName.unique(NodeName.told(settings).orElseGet(() -> NodeName.ofHost("worker"))),
        settings.listen("PARTYLINE_OPS_LISTEN", new Listen("127.0.0.1", 7090)),
        settings.minutes(
            "PARTYLINE_LOG_MINUTES",
            Limits.LOG_RETENTION,
            Math.toIntExact(Limits.IDEMPOTENCY_WINDOW.toMinutes()),
            Math.toIntExact(Limits.LOG_RETENTION_MAX.toMinutes())),
        settings.days(
            "PARTYLINE_RETENTION_DAYS",
            Limits.HISTORY_RETENTION,
            1,
            Math.toIntExact(Limits.HISTORY_RETENTION_MAX.toDays())),
        new Postman.Permit(
            settings.flag("PARTYLINE_WEBHOOK_HTTP", false),
            new Addresses(
                settings.list("PARTYLINE_WEBHOOK_NETWORKS").stream()
                    .map(WorkerConfig::network)
                    .toList())),
        archive(settings));
  }

  private static Subnet network(String text) {
    return Subnet.parse(text)
        .orElseThrow(() ->
            new Settings.Wrong(
                "PARTYLINE_WEBHOOK_NETWORKS",
                text,
                "Write addresses or networks like 10.0.0.7 or 10.0.0.0/8, separated by"
                    + " commas."));
  }

  private static Optional<Archive> archive(Settings settings) {
    String url = settings.text("ARCHIVE_URL", "");
    if (url.isEmpty()) {
      return Optional.empty();
    }
    Duration age =
        settings.days(
            "PARTYLINE_ARCHIVE_DAYS",
            Duration.ZERO,
            1,
            Math.toIntExact(Limits.ARCHIVE_RETENTION_MAX.toDays()));
    return Optional.of(
        new Archive(
            ArchiveUrl.parse(url),
            Optional.of(age).filter(Duration::isPositive),
            settings.flag("PARTYLINE_ARCHIVE_SEARCH", true)));
  }

  /** Without secrets: the address of Redis may hold a password. */
  @Override
  public String toString() {
    return "WorkerConfig[owner=" + owner + ", opsListen=" + opsListen + "]";
  }
}
