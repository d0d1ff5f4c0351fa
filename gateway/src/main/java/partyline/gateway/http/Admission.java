package partyline.gateway.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import partyline.room.Limits;

/**
 * How many streams and polls one person, one address of people without a name, and all together may
 * hold on this node. The newest is refused. Thread-safe; shared by all loops.
 */
public final class Admission {

  private final int inAll;
  private final int perAddress;
  private final AtomicInteger all = new AtomicInteger();
  private final ConcurrentMap<String, Integer> held = new ConcurrentHashMap<>();

  /**
   * @param inAll streams and polls that this node may hold
   * @param perAddress streams of guests and of anonymous readers that one address may hold
   */
  public Admission(int inAll, int perAddress) {
    this.inAll = inAll;
    this.perAddress = perAddress;
  }

  /** A place that was taken; given back once, however often that is said. */
  public static final class Place {

    private final Runnable leave;
    private final AtomicBoolean left = new AtomicBoolean();

    private Place(Runnable leave) {
      this.leave = leave;
    }

    public void leave() {
      if (left.compareAndSet(false, true)) {
        leave.run();
      }
    }
  }

  /** Whether this node holds all it may, whoever asks. */
  boolean isFull() {
    return all.get() >= inAll;
  }

  /**
   * Takes a place, or null if all are taken.
   *
   * @param address of the client, what a guest and somebody anonymous are counted by as well
   */
  @Nullable Place take(Access access, String address) {
    if (all.incrementAndGet() <= inAll) {
      Place place = takeOwn(access, address);
      if (place != null) {
        return new Place(() -> {
          all.decrementAndGet();
          place.leave();
        });
      }
    }
    all.decrementAndGet();
    return null;
  }

  private @Nullable Place takeOwn(Access access, String address) {
    return switch (access) {
      case Access.Anonymous() -> take("address " + address, perAddress);
      case Access.Known known when known.caller().id().isGuest() -> {
        Place byAddress = take("address " + address, perAddress);
        yield byAddress == null ? null : both(byAddress, byUser(known));
      }
      case Access.Known known -> byUser(known);
      case Access.Refused refused -> null;
    };
  }

  private @Nullable Place byUser(Access.Known known) {
    return take("user " + known.caller().id(), Limits.STREAMS_PER_USER);
  }

  private static @Nullable Place both(Place one, @Nullable Place other) {
    if (other == null) {
      one.leave();
      return null;
    }
    return new Place(() -> {
      one.leave();
      other.leave();
    });
  }

  private @Nullable Place take(String who, int most) {
    var taken = new AtomicBoolean();
    held.compute(
        who,
        (name, has) -> {
          int now = has == null ? 0 : has;
          taken.set(now < most);
          return now < most ? now + 1 : has;
        });
    return taken.get() ? new Place(() -> leave(who)) : null;
  }

  private void leave(String who) {
    held.computeIfPresent(who, (name, has) -> has > 1 ? has - 1 : null);
  }
}
