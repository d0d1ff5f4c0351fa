package partyline.room;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a client stands: it has everything up to here. Opaque text to clients, never trusted by us.
 *
 * <p>With one partition it is the last id the client has seen. With more it is a position in each
 * of them, {@code mi8k2x1a.0.mi8k2x19-3}: milliseconds in base 36, and the number behind them where
 * it is not 0.
 *
 * <p>A single position is a cursor with many partitions too: {@code 0} is the oldest in each, and
 * an id is where somebody stands whose rooms all lie in one (the loop that takes the last event's
 * id for its cursor knows nothing else).
 *
 * @param positions the last event the client has of each partition, or of whichever there is;
 *     {@link EventId#ZERO} asks for the oldest retained
 */
public record Cursor(List<EventId> positions) {

  /** The oldest event that is retained; written {@code 0}. */
  public static final Cursor OLDEST = new Cursor(EventId.ZERO);

  private static final int BASE = 36;
  private static final int MAX_DIGITS = 12;

  public Cursor {
    positions = List.copyOf(positions);
  }

  public Cursor(EventId after) {
    this(List.of(after));
  }

  /** Strict; empty for anything we could not have written, and for more than 512 bytes. */
  public static Optional<Cursor> parse(String text) {
    return parse(text, Partitions.ONE);
  }

  /** The same of those who have so many partitions: a cursor of others is none. */
  public static Optional<Cursor> parse(String text, Partitions partitions) {
    if (text.length() > Limits.CURSOR_BYTES) {
      return Optional.empty();
    }
    if (text.equals("0")) {
      return Optional.of(OLDEST);
    }
    return partitions.isOne() || text.indexOf('.') < 0
        ? EventId.parse(text).map(Cursor::new).filter(cursor -> !cursor.isOldest())
        : vector(text, partitions.count());
  }

  private static Optional<Cursor> vector(String text, int count) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != count) {
      return Optional.empty();
    }
    var positions = new ArrayList<EventId>(count);
    for (String part : parts) {
      int dash = part.indexOf('-');
      long ms = number(dash < 0 ? part : part.substring(0, dash));
      long seq = dash < 0 ? 0 : number(part.substring(dash + 1));
      if (ms < 0 || seq < 0 || dash >= 0 && seq == 0) {
        return Optional.empty();
      }
      positions.add(new EventId(ms, seq));
    }
    return Optional.of(new Cursor(positions));
  }

  /** In base 36 as we write it, or -1. */
  private static long number(String text) {
    if (text.isEmpty()
        || text.length() > MAX_DIGITS
        || text.length() > 1 && text.charAt(0) == '0') {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'z' ? c - 'a' + 10 : -1;
      if (digit < 0) {
        return -1;
      }
      value = value * BASE + digit;
    }
    return value <= EventId.HIGHEST ? value : -1;
  }

  /** Of one who stands at a single place. */
  public EventId after() {
    if (positions.size() > 1) {
      throw new IllegalStateException("a cursor of " + positions.size() + " partitions");
    }
    return positions.getFirst();
  }

  /** Where it stands in this one. */
  public EventId in(Partition partition) {
    return positions.size() == 1 ? positions.getFirst() : positions.get(partition.index());
  }

  /** Whether it is the last id of one that has no other partitions to speak of. */
  public boolean isSingle() {
    return positions.size() == 1;
  }

  public boolean isOldest() {
    return isSingle() && after().equals(EventId.ZERO);
  }

  /** The same, but for one partition. */
  public Cursor with(Partition partition, EventId position) {
    if (isSingle()) {
      return new Cursor(position);
    }
    var moved = new ArrayList<>(positions);
    moved.set(partition.index(), position);
    return new Cursor(moved);
  }

  /** Of two that a client holds, both of them earned, what it has by both. */
  public static Cursor later(Cursor a, Cursor b) {
    if (a.positions.size() != b.positions.size()) {
      return a.positions.size() > b.positions.size() ? a : b;
    }
    if (a.isSingle()) {
      return a.after().isAfter(b.after()) ? a : b;
    }
    var later = new ArrayList<EventId>(a.positions.size());
    for (int i = 0; i < a.positions.size(); i++) {
      later.add(EventId.max(a.positions.get(i), b.positions.get(i)));
    }
    return new Cursor(later);
  }

  /** Where nothing is known of any partition. */
  public static Cursor nowhere(Partitions partitions) {
    return new Cursor(Collections.nCopies(partitions.count(), EventId.ZERO));
  }

  @Override
  public String toString() {
    if (isSingle()) {
      return isOldest() ? "0" : after().toString();
    }
    return positions.stream().map(Cursor::text).collect(Collectors.joining("."));
  }

  private static String text(EventId position) {
    String ms = Long.toString(position.ms(), BASE);
    return position.seq() == 0 ? ms : ms + "-" + Long.toString(position.seq(), BASE);
  }
}
