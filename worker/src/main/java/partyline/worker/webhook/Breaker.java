package partyline.worker.webhook;

import java.time.Duration;
import java.time.Instant;
import partyline.room.Limits;
import partyline.room.hook.Pause;

/**
 * Leaves an endpoint alone that fails again and again: after ten failures in a row it is not called
 * for 5 s, then once; if that fails too, for 10 s, and so on up to 5 min. One success, and all is
 * well again. Thread-safe.
 */
public final class Breaker {

  // Guarded by this.
  private Pause pause;
  private boolean isProbing;

  public Breaker(Pause pause) {
    this.pause = pause;
  }

  /** Whether it may be called; then tell what came of it. */
  public synchronized boolean lets(Instant now) {
    if (!pause.isOn()) {
      return true;
    }
    if (isProbing || now.isBefore(pause.until())) {
      return false;
    }
    isProbing = true;
    return true;
  }

  public synchronized void tell(boolean well, Instant now) {
    isProbing = false;
    if (well) {
      pause = Pause.NONE;
      return;
    }
    int failures = pause.failures() + 1;
    if (pause.isOn() && now.isBefore(pause.until())) {
      // It was under way when others failed: one and the same trouble.
      pause = new Pause(failures, pause.pauses(), pause.until());
    } else if (failures < Limits.WEBHOOK_PAUSED_AFTER) {
      pause = new Pause(failures, 0, Instant.EPOCH);
    } else {
      int pauses = pause.pauses() + 1;
      pause = new Pause(failures, pauses, now.plus(length(pauses)));
    }
  }

  private static Duration length(int pauses) {
    long millis = Limits.WEBHOOK_PAUSE_FIRST.toMillis() << Math.min(pauses - 1, 16);
    return Duration.ofMillis(Math.min(millis, Limits.WEBHOOK_PAUSE_LAST.toMillis()));
  }

  public synchronized Pause pause() {
    return pause;
  }
}
