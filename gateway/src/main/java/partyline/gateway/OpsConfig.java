package partyline.gateway;

import java.time.Duration;
import java.util.Optional;
import partyline.room.Limits;
import partyline.room.Settings;
import partyline.room.Settings.Secret;

/**
 * What a node is told of being looked after.
 *
 * @param accessLog whether each answer is a line of the log
 * @param token what has to be said to make a node drain from the ops page; empty if nobody can
 * @param canary how often it posts to itself to see how long that takes; zero if it does not
 */
public record OpsConfig(boolean accessLog, Optional<Secret> token, Duration canary) {

  static OpsConfig from(Settings settings) {
    return new OpsConfig(
        settings.flag("PARTYLINE_ACCESS_LOG", false),
        settings.secret("PARTYLINE_OPS_TOKEN", Limits.OPS_TOKEN_BYTES_MIN),
        settings.seconds("PARTYLINE_CANARY_SECONDS", Duration.ofSeconds(5), 0, 3_600));
  }
}
