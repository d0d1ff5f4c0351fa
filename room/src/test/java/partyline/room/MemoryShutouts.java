package partyline.room;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The shutouts' contract in memory, on a clock that tests move by hand. */
public final class MemoryShutouts implements Shutouts {

  /** The control channel. */
  public interface Told {
    void hear(long version, Shutout shutout);
  }

  private final InstantSource clock;
  private final Told told;

  // Guarded by this.
  private final Map<UserId, Shutout.Revoked> revoked = new HashMap<>();
  private final Map<UserId, Shutout.Banned> banned = new HashMap<>();
  private long version;

  public MemoryShutouts(InstantSource clock, Told told) {
    this.clock = clock;
    this.told = told;
  }

  @Override
  public synchronized CompletionStage<Optional<Shutout.Revoked>> revoke(UserId user) {
    var all = new Shutout.Revoked(user, now());
    revoked.put(user, all);
    told.hear(++version, all);
    return completedFuture(Optional.of(all));
  }

  @Override
  public synchronized CompletionStage<Optional<Shutout.Banned>> ban(
      UserId user, Optional<Duration> length, UserId by, String reason) {
    var ban = new Shutout.Banned(user, length.map(now()::plus));
    banned.put(user, ban);
    told.hear(++version, ban);
    return completedFuture(Optional.of(ban));
  }

  @Override
  public synchronized CompletionStage<Void> unban(UserId user) {
    banned.remove(user);
    told.hear(++version, new Shutout.Readmitted(user));
    return completedFuture(null);
  }

  @Override
  public synchronized CompletionStage<Standing> standing(long known) {
    if (known == version) {
      return completedFuture(new Standing(version, Optional.empty()));
    }
    Instant now = now();
    var all = new ArrayList<Shutout>();
    revoked.values().stream()
        .filter(one -> one.upTo().plus(Limits.TOKEN_LIFE).isAfter(now))
        .forEach(all::add);
    banned.values().stream()
        .filter(ban -> ban.until().map(now::isBefore).orElse(true))
        .forEach(all::add);
    return completedFuture(new Standing(version, Optional.of(List.copyOf(all))));
  }

  private Instant now() {
    return Instant.ofEpochSecond(clock.instant().getEpochSecond());
  }
}
