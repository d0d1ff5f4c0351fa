package partyline.deploy.load;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.deploy.cluster.ClusterSecret;
import partyline.room.Limits;
import partyline.room.UserId;

/**
 * Tokens for listeners and lanes. With the secret each is a user of its own, as in life: a user may
 * hold few streams. Lanes post as services, whom no rate for people slows down.
 */
final class Badges {
  private static final Duration LIFE = Limits.TOKEN_LIFE;

  private final LoadPlan.Identity identity;
  private final @Nullable ClusterSecret secret;

  Badges(LoadPlan.Identity identity) {
    this.identity = identity;
    this.secret = identity.data() == null ? null : find(Path.of(identity.data()));
  }

  Optional<String> listener(int number) {
    if (identity.anonymous()) {
      return Optional.empty();
    }
    if (secret == null) {
      return Optional.ofNullable(identity.token());
    }
    return Optional.of(
        secret.token(new UserId("load-" + number), Optional.empty(), LIFE, Instant.now()));
  }

  String lane(int number) {
    if (secret == null) {
      return Optional.ofNullable(identity.token()).orElseThrow();
    }
    return secret.serviceToken(new UserId("load-lane-" + number), LIFE, Instant.now());
  }

  private static ClusterSecret find(Path data) {
    return ClusterSecret.find(data)
        .orElseThrow(() ->
            new LoadException(
                "There is no secret in "
                    + data.toAbsolutePath().normalize()
                    + ": start a cluster with `partyline up`, name the folder of one with --data,"
                    + " or give a token with --token."));
  }
}
