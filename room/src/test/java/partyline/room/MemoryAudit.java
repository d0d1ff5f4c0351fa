package partyline.room;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The contract in memory, without leases. */
public final class MemoryAudit implements Audit {
  private final InstantSource clock;

  // Guarded by this.
  private final List<Entry> entries = new ArrayList<>();
  private EventId noted = EventId.ZERO;

  public MemoryAudit(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized CompletionStage<Void> note(Act act) {
    entries.add(new Entry(next(), clock.instant(), Optional.empty(), act));
    return completedFuture(null);
  }

  @Override
  public synchronized CompletionStage<JobLedger.Outcome> note(Lease lease, List<Happened> acts) {
    for (Happened one : acts) {
      if (one.event().isAfter(noted)) {
        noted = one.event();
        entries.add(new Entry(next(), one.at(), Optional.of(one.event()), one.act()));
      }
    }
    return completedFuture(JobLedger.Outcome.DONE);
  }

  @Override
  public synchronized CompletionStage<Void> forget(UserId user) {
    entries.replaceAll(entry ->
        entry.act().by().equals(user)
            ? new Entry(entry.id(), entry.at(), entry.event(), nameless(entry.act()))
            : entry);
    return completedFuture(null);
  }

  private static Act nameless(Act act) {
    return new Act(act.type(), act.by(), "", act.room(), act.subject(), act.details());
  }

  private EventId next() {
    return new EventId(entries.size() + 1, 0);
  }

  @Override
  public synchronized CompletionStage<List<Entry>> page(Optional<EventId> before, int limit) {
    return completedFuture(
        entries.reversed().stream()
            .filter(entry -> before.map(id -> id.isAfter(entry.id())).orElse(true))
            .limit(limit)
            .toList());
  }
}
