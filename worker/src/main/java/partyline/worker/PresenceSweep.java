package partyline.worker;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import partyline.room.Claim;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.Presence;

/**
 * Takes away who was here through nodes that are gone, and has the rooms told.
 *
 * <p>A node is believed dead once two looks in a row find its lease lapsed. A Redis that stood
 * still for longer than a lease finds all of them lapsed when it wakes, those of the living too;
 * they take new ones between the two looks, and nobody seems to have left.
 *
 * <p>No fence: sweeping is idempotent, and two who do it at once do no harm.
 */
final class PresenceSweep implements Duty {

  private final Presence presence;
  private final Counters counters;

  // Owned by the loop's thread.
  private Set<String> suspected = Set.of();
  private final Set<String> dead = new HashSet<>();

  PresenceSweep(Presence presence, Counters counters) {
    this.presence = presence;
    this.counters = counters;
  }

  @Override
  public String job() {
    return "presence";
  }

  @Override
  public void begin(Claim.Claimed claimed) {
    suspected = Set.of();
    dead.clear();
  }

  @Override
  public Optional<Duration> turn(Lease lease) throws InterruptedException {
    for (String node : List.copyOf(dead)) {
      if (Await.answer(presence.sweep(node))) {
        return Optional.of(Duration.ZERO);
      }
      dead.remove(node);
      counters.add(Count.NODES_SWEPT);
    }
    Set<String> lapsed = Set.copyOf(Await.answer(presence.lapsed()));
    lapsed.stream().filter(suspected::contains).forEach(dead::add);
    suspected = lapsed;
    return Optional.of(dead.isEmpty() ? Limits.PRESENCE_SWEEP_EVERY : Duration.ZERO);
  }
}
