package partyline.room;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The ledger's contract in memory; it remembers for good. */
public final class MemoryTicketLedger implements TicketLedger {

  private final Set<String> used = ConcurrentHashMap.newKeySet();

  @Override
  public CompletionStage<Void> use(String ticket, Duration length) {
    used.add(ticket);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<Boolean> wasUsed(String ticket) {
    return CompletableFuture.completedFuture(used.contains(ticket));
  }
}
