package partyline.gateway.token;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.room.Limits;
import partyline.room.Settings;

/**
 * All keys of a node: the shared secret, and the sets of public keys that others keep.
 *
 * <p>A set is read at start and every ten minutes from then on, give or take, and sooner when a
 * token names a key that nobody knows: but then once in 30 s at most, whoever asks and however
 * often, and that token is refused meanwhile. While the place is away, or holds nonsense, the keys
 * that were read last stay good.
 *
 * <p>Reading happens on a thread of its own; those who {@link #find} never wait for it.
 */
public final class TokenKeys implements VerificationKeys, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TokenKeys.class);
  private static final double SPREAD = 0.2;

  private final SharedSecret secret;
  private final List<KeySet> sets;
  private final KeySetReader reader = new KeySetReader();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("key-sets").factory());

  private TokenKeys(SharedSecret secret, List<KeySetPlace> places) {
    this.secret = secret;
    this.sets = places.stream().map(KeySet::new).toList();
  }

  /**
   * Reads every set once. A file that can't be used throws {@link Settings.Wrong}: it is the
   * operator's own. A URL may come later; until then its tokens are refused.
   */
  public static TokenKeys open(SharedSecret secret, List<KeySetPlace> places) {
    var keys = new TokenKeys(secret, places);
    try {
      for (KeySet set : keys.sets) {
        set.first();
      }
    } catch (Settings.Wrong wrong) {
      keys.close();
      throw wrong;
    }
    return keys;
  }

  @Override
  public List<VerificationKey> find(Optional<String> id) {
    List<VerificationKey> found = new ArrayList<>(secret.find(id));
    sets.forEach(set -> found.addAll(set.keys.find(id)));
    if (found.isEmpty()) {
      sets.forEach(KeySet::missed);
    }
    return found;
  }

  /** How often any set was read or tried to be. */
  int reads() {
    return sets.stream().mapToInt(set -> set.reads).sum();
  }

  /** Reads them all anew, and returns when that is done. */
  void refresh() {
    sets.forEach(KeySet::read);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    reader.close();
  }

  private static long around(Duration time) {
    double share = 1 + (ThreadLocalRandom.current().nextDouble() * 2 - 1) * SPREAD;
    return Math.round(time.toMillis() * share);
  }

  private final class KeySet {
    private final KeySetPlace place;
    private final AtomicBoolean asked = new AtomicBoolean();
    private volatile JsonWebKeys keys = JsonWebKeys.NONE;
    private volatile int reads;
    private boolean failing;

    KeySet(KeySetPlace place) {
      this.place = place;
    }

    void first() {
      Optional<String> fault = read();
      if (fault.isPresent() && place.file().isPresent()) {
        throw new Settings.Wrong(
            "PARTYLINE_JWKS",
            place.toString(),
            "Write the path or the URL of a JSON Web Key Set: " + fault.get() + ".");
      }
      again();
    }

    /** What is wrong with it, if anything is; said once, until it is well again. */
    synchronized Optional<String> read() {
      reads++;
      Optional<String> fault;
      try {
        keys = JsonWebKeys.parse(reader.read(place), place.issuer());
        fault = Optional.empty();
      } catch (JsonWebKeys.Unusable | IOException bad) {
        fault = Optional.of(String.valueOf(bad.getMessage()));
      } catch (InterruptedException leaving) {
        Thread.currentThread().interrupt();
        fault = Optional.of("interrupted");
      }
      if (fault.isPresent() && !failing) {
        LOG.warn(
            "the keys in {} can't be read, {} known ones stay good: {}",
            place,
            keys.keys().size(),
            fault.get());
      } else if (fault.isEmpty() && failing) {
        LOG.info("the keys in {} can be read again", place);
      }
      failing = fault.isPresent();
      return fault;
    }

    private void again() {
      Duration pause = failing ? Limits.JWKS_RETRY : Limits.JWKS_REFRESH_EVERY;
      schedule(
          () -> {
            read();
            again();
          },
          around(pause));
    }

    /** Asked for once, and then not again before its time. */
    void missed() {
      if (asked.compareAndSet(false, true)) {
        schedule(this::read, 0);
        schedule(() -> asked.set(false), Limits.JWKS_ASKED_AT_MOST_EVERY.toMillis());
      }
    }

    private void schedule(Runnable task, long millis) {
      if (!thread.isShutdown()) {
        var _ = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
      }
    }
  }
}
