package partyline.room;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that goes where the test puts it, also back. */
public final class ManualClock implements InstantSource {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private volatile Instant now = BEGIN;

  @Override
  public Instant instant() {
    return now;
  }

  public synchronized void set(Instant instant) {
    now = instant;
  }

  /** Negative steps back. */
  public synchronized void advance(Duration by) {
    now = now.plus(by);
  }
}
