package partyline.gateway.token;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import partyline.room.Shutout;
import partyline.room.Shutouts.Standing;
import partyline.room.UserId;

/**
 * What this node knows of those who are kept out: all of it, so that no request waits to ask.
 *
 * <p>It is told of each change as it happens, with its version. Versions follow one another, so one
 * that is missed shows: then, as at every new connection to Redis, the whole is read anew. A
 * revocation once heard of is kept even if Redis forgot it: tokens do not become good again.
 *
 * <p>Thread-safe. Bounded by the bounds of what it mirrors.
 */
public final class ShutoutBook implements KeptOut {

  /** Why somebody is refused. */
  public enum Reason {
    REVOKED,
    BANNED
  }

  private record Entry(@Nullable Instant revokedUpTo, Shutout.@Nullable Banned ban) {

    boolean bansAt(Instant now) {
      return ban != null && ban.until().map(now::isBefore).orElse(true);
    }
  }

  // Guarded by this.
  private Map<UserId, Entry> entries = new HashMap<>();
  private long version = -1;
  private long heard = -1;

  private final List<Consumer<UserId>> listeners = new CopyOnWriteArrayList<>();

  @Override
  public synchronized Optional<Reason> refusal(Caller caller, Instant now) {
    Entry entry = entries.get(caller.id());
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.bansAt(now)) {
      return Optional.of(Reason.BANNED);
    }
    return entry.revokedUpTo != null && !caller.issuedAt().isAfter(entry.revokedUpTo)
        ? Optional.of(Reason.REVOKED)
        : Optional.empty();
  }

  @Override
  public synchronized boolean isBanned(UserId user, Instant now) {
    Entry entry = entries.get(user);
    return entry != null && entry.bansAt(now);
  }

  /** All changes up to this one are known; -1 if that can't be said. */
  public synchronized long version() {
    return version;
  }

  @Override
  public void whenShutOut(Consumer<UserId> listener) {
    listeners.add(listener);
  }

  /** One change, as the control channel told it. */
  public void hear(long changed, Shutout shutout) {
    synchronized (this) {
      version = changed == version + 1 ? changed : -1;
      heard = changed;
      note(entries, shutout);
    }
    tell(shutout.user());
  }

  /** All of it, as it was read. What was heard meanwhile stays, and asks for one more reading. */
  public void read(Standing standing, Instant oldestKept) {
    if (standing.shutouts().isEmpty()) {
      return;
    }
    List<Shutout> all = standing.shutouts().get();
    synchronized (this) {
      boolean overtaken = standing.version() < heard;
      var read = new HashMap<UserId, Entry>();
      entries.forEach((user, entry) -> {
        if (overtaken) {
          read.put(user, entry);
        } else if (entry.revokedUpTo != null && entry.revokedUpTo.isAfter(oldestKept)) {
          read.put(user, new Entry(entry.revokedUpTo, null));
        }
      });
      all.forEach(shutout -> note(read, shutout));
      entries = read;
      version = overtaken ? -1 : standing.version();
      // Whatever was lost with a Redis, the next answer counts.
      heard = standing.version();
    }
    all.forEach(shutout -> tell(shutout.user()));
  }

  private static void note(Map<UserId, Entry> entries, Shutout shutout) {
    Entry old = entries.getOrDefault(shutout.user(), new Entry(null, null));
    Entry entry =
        switch (shutout) {
          case Shutout.Revoked(UserId user, Instant upTo) ->
              new Entry(later(old.revokedUpTo, upTo), old.ban);
          case Shutout.Banned ban -> new Entry(old.revokedUpTo, ban);
          case Shutout.Readmitted(UserId user) -> new Entry(old.revokedUpTo, null);
        };
    if (entry.revokedUpTo == null && entry.ban == null) {
      entries.remove(shutout.user());
    } else {
      entries.put(shutout.user(), entry);
    }
  }

  private void tell(UserId user) {
    listeners.forEach(listener -> listener.accept(user));
  }

  private static Instant later(@Nullable Instant a, Instant b) {
    return a != null && a.isAfter(b) ? a : b;
  }
}
