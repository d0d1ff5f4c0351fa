package partyline.gateway.loop;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is due when, for the thousands of connections of one loop: one timer instead of one each.
 *
 * <p>A hashed wheel (Varghese and Lauck, 1987): a ring of slots, one tick wide each; an entry hangs
 * in the slot of its time, and one that is due a round later is passed over. Adding, moving and
 * removing cost a few pointers and allocate nothing. An entry is due up to one tick late.
 *
 * <p>Owned by its loop.
 */
public final class Wheel {

  /** What an entry answers when nothing will ever be due again. */
  public static final long NEVER = Long.MAX_VALUE;

  private static final Logger LOG = LoggerFactory.getLogger(Wheel.class);

  private static final int TICK_MILLIS = 250;
  private static final int SLOTS = 128;

  private final Loop loop;
  private final Entry[] slots = new Entry[SLOTS];
  private long nextTick;
  private int size;
  private boolean ticking;

  public Wheel(Loop loop) {
    this.loop = loop;
  }

  /** Something with a next time; it is its own place in the wheel. */
  public abstract static class Entry {

    private long atMillis;
    private int slot = -1;
    private @Nullable Entry before;
    private @Nullable Entry behind;

    /**
     * Called once its time has come.
     *
     * @return when it is due again, or {@link #NEVER}
     */
    protected abstract long due(long nowMillis);
  }

  /** Puts the entry at this time, wherever it was before; {@link #NEVER} takes it out. */
  public void set(Entry entry, long atMillis) {
    assert loop.isCurrent();
    remove(entry);
    if (atMillis == NEVER) {
      return;
    }
    startTicking();
    entry.atMillis = atMillis;
    long tick = Math.max(nextTick, Math.ceilDiv(atMillis, TICK_MILLIS));
    hang(entry, (int) (tick % SLOTS));
  }

  public void remove(Entry entry) {
    assert loop.isCurrent();
    if (entry.slot < 0) {
      return;
    }
    if (entry.before != null) {
      entry.before.behind = entry.behind;
    } else {
      slots[entry.slot] = entry.behind;
    }
    if (entry.behind != null) {
      entry.behind.before = entry.before;
    }
    entry.slot = -1;
    entry.before = null;
    entry.behind = null;
    size--;
  }

  private void hang(Entry entry, int slot) {
    entry.slot = slot;
    entry.behind = slots[slot];
    if (entry.behind != null) {
      entry.behind.before = entry;
    }
    slots[slot] = entry;
    size++;
  }

  private void startTicking() {
    if (!ticking) {
      ticking = true;
      nextTick = loop.nowMillis() / TICK_MILLIS + 1;
      tickLater();
    }
  }

  /** On the border of a tick, so that nothing waits for two. */
  private void tickLater() {
    loop.after(nextTick * TICK_MILLIS - loop.nowMillis(), this::tick);
  }

  private void tick() {
    long now = loop.nowMillis();
    // After a long pause every slot is visited once, not once for each tick that was missed.
    long from = Math.max(nextTick, now / TICK_MILLIS - SLOTS + 1);
    for (long tick = from; tick <= now / TICK_MILLIS; tick++) {
      nextTick = tick + 1;
      visit((int) (tick % SLOTS), now);
    }
    if (size == 0) {
      ticking = false;
    } else {
      tickLater();
    }
  }

  /** One that fails must not stop the clock of all others. */
  private static long due(Entry entry, long now) {
    try {
      return entry.due(now);
    } catch (RuntimeException broken) {
      LOG.error("an entry failed when it was due, and is left out from now on", broken);
      return NEVER;
    }
  }

  /** The slot's list is taken off first: an entry that is due may end others, or come back. */
  private void visit(int slot, long now) {
    Entry entry = slots[slot];
    while (entry != null && entry.atMillis > now) {
      entry = entry.behind;
    }
    while (entry != null) {
      remove(entry);
      set(entry, due(entry, now));
      entry = slots[slot];
      while (entry != null && entry.atMillis > now) {
        entry = entry.behind;
      }
    }
  }
}
