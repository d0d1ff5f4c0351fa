package partyline.room;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * How what we keep is divided: into one partition, which is the default, or into several, so that
 * more than one Redis does the work.
 *
 * <p>A room is in one of them, by its name and for ever; a person too, together with their inbox.
 * So the number is fixed when the first process writes to a Redis.
 *
 * <p><b>The tags.</b> With {@code p0} to {@code p7} three shards of a cluster got 4, 2 and 2
 * partitions: a slot is a CRC, and eight of them lie as they fall. These sixteen were searched for
 * among all words of three letters and digits, and are the first whose slots are exactly the
 * middles of sixteenths of the slots, {@code 1024 · i + 512}, with {@code i} in the order 0, 8, 4,
 * 12, 2, 10… (its four bits reversed). So the first two lie in the middles of both halves, the
 * first four in all quarters, and however many shards share the slots evenly, no one has two
 * partitions more than another.
 */
public record Partitions(List<Partition> all) {

  private static final List<String> TAGS =
      List.of(
          "ms3", "gxm", "mb1", "gio", "pt6", "c0h", "pe4", "ceb", //
          "mws", "ou5", "eoi", "od7", "arf", "ky8", "acd", "rc2");

  /** The tag of the only one, and of what is said of all of them. */
  private static final String ONLY_TAG = "t";

  /** More would make cursors longer than they may be. */
  private static final List<Integer> COUNTS = List.of(1, 2, 4, 8, 16);

  /** How many there may be, for people. */
  public static final String NUMBERS = "1, 2, 4, 8 or 16";

  private static final Comparator<Partition> BY_INDEX = Comparator.comparingInt(Partition::index);

  public static final Partitions ONE = new Partitions(List.of(new Partition(0, ONLY_TAG)));

  /**
   * @param count 1, 2, 4, 8 or 16
   */
  public static Partitions of(int count) {
    if (!COUNTS.contains(count)) {
      throw new IllegalArgumentException(count + " partitions");
    }
    return count == 1
        ? ONE
        : new Partitions(
            IntStream.range(0, count).mapToObj(i -> new Partition(i, TAGS.get(i))).toList());
  }

  /** Of somebody's word; empty for what is none of these numbers. */
  public static Optional<Partitions> parse(String word) {
    return COUNTS.stream()
        .filter(count -> count.toString().equals(word))
        .findFirst()
        .map(Partitions::of);
  }

  public Partitions {
    all = List.copyOf(all);
  }

  public int count() {
    return all.size();
  }

  public boolean isOne() {
    return all.size() == 1;
  }

  public Partition of(RoomId room) {
    return of(room.value());
  }

  /** Where their inbox is, and what is known of them. */
  public Partition of(UserId user) {
    return of(RoomId.inboxOf(user));
  }

  /** Of anything with a name. The same for ever: things are found where they were put. */
  public Partition of(String name) {
    if (isOne()) {
      return all.getFirst();
    }
    var crc = new CRC32();
    crc.update(name.getBytes(StandardCharsets.UTF_8));
    return all.get((int) ((crc.getValue() * count()) >>> 32));
  }

  /** Rooms by where they are, in the order of the partitions. */
  public SortedMap<Partition, List<RoomId>> divide(List<RoomId> rooms) {
    var divided = new TreeMap<Partition, List<RoomId>>(BY_INDEX);
    for (RoomId room : rooms) {
      divided.computeIfAbsent(of(room), partition -> new ArrayList<>()).add(room);
    }
    return divided;
  }

  /** One of something for each. */
  public <T> List<T> each(Function<Partition, T> maker) {
    return all.stream().map(maker).toList();
  }
}
