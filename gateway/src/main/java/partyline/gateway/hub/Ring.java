package partyline.gateway.hub;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Frame;
import partyline.room.EventId;
import partyline.room.Limits;

/**
 * The newest events a hub was told, encoded, in the order of the log; bounded in number, bytes and
 * age.
 *
 * <p>It is what readers who fell behind, or who come back, are served from without asking Redis.
 * Each frame has a sequence number of the ring's own, so that a reader can stand at a place in it.
 * Owned by the hub's loop.
 */
final class Ring {

  private final @Nullable Frame[] frames = new Frame[Limits.RING_EVENTS];
  private long first;
  private long end;
  private long previousEnd;
  private int bytes;
  private EventId floor;

  /**
   * @param floor the ring holds what comes after this
   */
  Ring(EventId floor) {
    this.floor = floor;
  }

  /** Everything the hub was told after this id is in the ring. */
  EventId floor() {
    return floor;
  }

  /** The sequence number the next frame will have. */
  long end() {
    return end;
  }

  Frame at(long sequence) {
    Frame frame = frames[slot(sequence)];
    if (frame == null || sequence < first || sequence >= end) {
      throw new IndexOutOfBoundsException(first + " <= " + sequence + " < " + end);
    }
    return frame;
  }

  void append(Frame frame) {
    while (end - first == frames.length || (bytes > Limits.RING_BYTES && first < end)) {
      evict();
    }
    frames[slot(end++)] = frame;
    bytes += frame.bytes();
  }

  /** The sequence number of the first frame after this id. */
  long after(EventId id) {
    long low = first;
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      if (at(middle).id().isAfter(id)) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /**
   * Forgets what an epoch cut off: those events no longer exist, and nobody may be told of them.
   */
  void cut(EventId branch) {
    long from = after(branch);
    while (end > from) {
      Frame frame = at(end - 1);
      bytes -= frame.bytes();
      frames[slot(--end)] = null;
    }
  }

  /**
   * Forgets what a message said: it was deleted, and its events are gone from Redis too. Who comes
   * back hears of the deletion alone.
   */
  void erase(EventId message) {
    for (long sequence = first; sequence < end; sequence++) {
      Frame frame = at(sequence);
      if (message.equals(frame.says())) {
        frames[slot(sequence)] = frame.erased();
        bytes -= frame.bytes();
      }
    }
  }

  /**
   * Forgets what was there when this was called the last time. So nothing stays for long that is
   * gone from the log by now: somebody's name who was erased, or what a room retains no more.
   */
  void passGeneration() {
    while (first < Math.min(previousEnd, end)) {
      evict();
    }
    previousEnd = end;
  }

  /** Forgets everything; what comes next comes after this id. */
  void clear(EventId newFloor) {
    Arrays.fill(frames, null);
    first = end;
    bytes = 0;
    floor = newFloor;
  }

  private void evict() {
    Frame frame = at(first);
    floor = frame.id();
    bytes -= frame.bytes();
    frames[slot(first++)] = null;
  }

  private int slot(long sequence) {
    return (int) (sequence & (frames.length - 1));
  }
}
