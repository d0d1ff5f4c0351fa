package partyline.gateway.hub;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import partyline.gateway.connection.Connection;
import partyline.gateway.loop.Loop;
import partyline.room.Cursor;
import partyline.room.EventId;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;

/**
 * One loop's hubs, one a partition. With one partition all this is that one hub; with more, a
 * connection is joined to each whose partition it has rooms in, by a {@link Braid}.
 *
 * <p>Owned by the loop.
 */
public final class Hubs implements Listeners {

  private final Partitions partitions;
  private final List<Hub> hubs;
  private final Supplier<Cursor> node;

  // Owned by the loop.
  private final Set<Braid> braids = new LinkedHashSet<>();

  private int staying;

  private volatile int size;
  private volatile int streams;

  /**
   * @param hubs one for each partition
   * @param node how far the node's feeds are
   */
  public Hubs(Partitions partitions, List<Hub> hubs, Supplier<Cursor> node) {
    this.partitions = partitions;
    this.hubs = List.copyOf(hubs);
    this.node = node;
  }

  /** Those of the only partition. */
  public static Hubs of(Hub hub) {
    return new Hubs(Partitions.ONE, List.of(hub), () -> Cursor.OLDEST);
  }

  public Partitions partitions() {
    return partitions;
  }

  /** Starts the sweeps; on the loop. */
  public void start() {
    hubs.forEach(Hub::start);
  }

  /** See {@link Hub#makesRoomFor}; each partition has its share. */
  public boolean makesRoomFor(List<RoomId> rooms, int most) {
    if (partitions.isOne()) {
      return hubs.getFirst().makesRoomFor(rooms, most);
    }
    int share = most / partitions.count();
    return partitions.divide(rooms).entrySet().stream()
        .allMatch(entry -> hub(entry.getKey()).makesRoomFor(entry.getValue(), share));
  }

  /**
   * Lets a connection listen to rooms; on the loop. See {@link Hub#join}.
   *
   * @param rooms at least one, sorted, without repeats
   */
  public void join(
      Connection connection,
      List<RoomId> rooms,
      Start start,
      Visitor visitor,
      Attendee attendee,
      Map<RoomId, EventId> readAt) {
    if (partitions.isOne()) {
      hubs.getFirst().join(connection, rooms, start, visitor, attendee, readAt);
      return;
    }
    SortedMap<Partition, List<RoomId>> divided = partitions.divide(rooms);
    Start known = known(start, divided.size());
    var braid =
        new Braid(
            connection, List.copyOf(divided.keySet()), known, this::now, node, this::unbraided);
    braids.add(braid);
    count(braid, 1);
    divided.forEach(
        (partition, its) -> braid.join(hub(partition), partition, its, visitor, attendee, readAt));
  }

  private void unbraided(Braid braid) {
    if (braids.remove(braid)) {
      count(braid, -1);
    }
  }

  private void count(Braid braid, int more) {
    size = braids.size();
    if (braid.stays()) {
      staying += more;
      streams = staying;
    }
  }

  @Override
  public int streams() {
    return partitions.isOne() ? hubs.getFirst().streams() : streams;
  }

  @Override
  public List<? extends Listener> subscriptions() {
    return partitions.isOne() ? hubs.getFirst().subscriptions() : List.copyOf(braids);
  }

  @Override
  public int size() {
    return partitions.isOne() ? hubs.getFirst().size() : size;
  }

  /** How far this loop has heard; a hub without rooms hears nothing and is as far as the node. */
  private Cursor now() {
    Cursor now = node.get();
    for (Partition partition : partitions.all()) {
      EventId heard = hub(partition).position();
      if (!heard.equals(EventId.ZERO)) {
        now = now.with(partition, heard);
      }
    }
    return now;
  }

  /** A single id says nothing of several partitions, unless it asks for all there is. */
  private static Start known(Start start, int touched) {
    boolean alone = start instanceof Start.After(Cursor cursor) && cursor.isSingle();
    return alone && touched > 1 && !start.equals(new Start.After(Cursor.OLDEST))
        ? new Start.Invalid()
        : start;
  }

  private Hub hub(Partition partition) {
    return hubs.get(partition.index());
  }

  @Override
  public Loop loop() {
    return hubs.getFirst().loop();
  }
}
