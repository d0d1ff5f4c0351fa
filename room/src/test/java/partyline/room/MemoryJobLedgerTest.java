package partyline.room;

import java.time.Duration;
import java.time.Instant;

final class MemoryJobLedgerTest extends JobLedgerContract {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final MemoryJobLedger ledger = new MemoryJobLedger(() -> now);

  @Override
  protected JobLedger ledger() {
    return ledger;
  }

  @Override
  protected void pass(Duration time) {
    now = now.plus(time);
  }

  @Override
  protected void stepBack(String job, Duration time) {
    now = now.minus(time);
  }
}
