package partyline.worker;

import java.time.Duration;
import java.util.Map;
import partyline.room.Limits;
import partyline.room.NodeName;
import partyline.room.Settings;
import partyline.room.Settings.Listen;

/**
 * What a worker is told by its environment, checked. The one home of the defaults.
 *
 * @param keyPrefix stands before every Redis key and channel
 * @param owner the name in its leases, of this process alone
 * @param logAge how far the log reaches back, if its ceiling permits
 * @param historyAge how long messages are kept
 */
public record WorkerConfig(
    String redisUrl,
    String keyPrefix,
    String owner,
    Listen opsListen,
    Duration logAge,
    Duration historyAge) {

  /** Throws {@link Settings.Wrong} with the sentence for the operator. */
  public static WorkerConfig from(Map<String, String> env) {
    var settings = new Settings(env);
    return new WorkerConfig(
        settings.text("REDIS_URL", "redis://127.0.0.1:6379"),
        settings.text("PARTYLINE_KEY_PREFIX", ""),
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
            Math.toIntExact(Limits.HISTORY_RETENTION_MAX.toDays())));
  }

  /** Without secrets: the address of Redis may hold a password. */
  @Override
  public String toString() {
    return "WorkerConfig[owner=" + owner + ", opsListen=" + opsListen + "]";
  }
}
