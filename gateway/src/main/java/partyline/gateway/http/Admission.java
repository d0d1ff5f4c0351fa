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
  private final ConcurrentMap<String, Count> held = new ConcurrentHashMap<>();

  /**
   * @param inAll streams and polls that this node may hold
   * @param perAddress streams of guests and of anonymous readers that one address may hold
   */
  public Admission(int inAll, int perAddress) {
    this.inAll = inAll;
    this.perAddress = perAddress;
  }

  /**
   * A place that was taken; given back once, however often that is said. Every stream keeps one, so
   * it holds nothing that can be shared.
   */
  public final class Place {

    private final Count one;
    private final @Nullable Count other;
    private boolean left;

    private Place(Count one, @Nullable Count other) {
      this.one = one;
      this.other = other;
    }

    public synchronized void leave() {
      if (!left) {
        left = true;
        giveBack(one);
        if (other != null) {
          giveBack(other);
        }
        all.decrementAndGet();
      }
    }
  }

  /** How many places somebody holds; changed only while the map holds on to it. */
  private static final class Count {

    private final String who;
    private int places;

    Count(String who) {
      this.who = who;
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
        return place;
      }
    }
    all.decrementAndGet();
    return null;
  }

  private @Nullable Place takeOwn(Access access, String address) {
    return switch (access) {
      case Access.Anonymous() -> place(byAddress(address));
      case Access.Known known when known.caller().id().isGuest() -> {
        Count ofAddress = byAddress(address);
        yield ofAddress == null ? null : both(ofAddress, byUser(known));
      }
      case Access.Known known -> place(byUser(known));
      case Access.Refused refused -> null;
    };
  }

  private @Nullable Count byAddress(String address) {
    return count("address " + address, perAddress);
  }

  private @Nullable Count byUser(Access.Known known) {
    return count("user " + known.caller().id(), Limits.STREAMS_PER_USER);
  }

  private @Nullable Place place(@Nullable Count count) {
    return count == null ? null : new Place(count, null);
  }

  private @Nullable Place both(Count one, @Nullable Count other) {
    if (other == null) {
      giveBack(one);
      return null;
    }
    return new Place(one, other);
  }

  private @Nullable Count count(String who, int most) {
    var taken = new AtomicBoolean();
    Count count =
        held.compute(
            who,
            (name, has) -> {
              Count known = has == null ? new Count(name) : has;
              if (known.places < most) {
                known.places++;
                taken.set(true);
              }
              return known.places == 0 ? null : known;
            });
    return taken.get() ? count : null;
  }

  private void giveBack(Count count) {
    held.computeIfPresent(count.who, (name, has) -> --has.places > 0 ? has : null);
  }
}
