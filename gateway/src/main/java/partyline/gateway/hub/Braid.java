package partyline.gateway.hub;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Frame;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.Ready;
import partyline.gateway.connection.Reset;
import partyline.room.Cursor;
import partyline.room.EventId;
import partyline.room.Partition;
import partyline.room.RoomId;

/**
 * A connection whose rooms lie in several partitions: as many subscriptions, each with a cursor and
 * rights of its own, told together.
 *
 * <p>Nothing is in order between partitions, so each strand tells what it has when it has it. What
 * has to be right is the cursor under which it is told: it must say of every other partition
 * exactly what the client has of it. More, and what is missing would be missing for ever; less, and
 * it would be told again.
 *
 * <p>A frame comes with the cursor of the node, the same for all connections, so that its bytes are
 * shared. It is passed on as it is if for each other partition of this stream that cursor is
 * neither below what the client was told nor above what it has: of those who are live that is true
 * as a rule, because this loop has heard of every partition what the cursor says. Whoever catches
 * up in one of them gets copies meanwhile, with a cursor of their own.
 *
 * <p>Worked example: rooms in partitions 1 and 2; live in 1, still reading 2 from 40 on. Frame 17
 * of partition 1 comes with 17.55: what lies between 40 and 55 would be skipped by a client that
 * was cut here. It is told with 17.40. When 2 has caught up at 56, the next one, 18 with 18.57, is
 * told as it is, if 2 was live when 57 came; a frame that says 18.55 would repeat 56.
 *
 * <p>Without a cursor all strands begin together, when the rooms of all of them are heard: now is
 * that instant, in every partition. One that began earlier would tell cursors that say of the
 * others where they are going to begin, which nobody knows yet.
 *
 * <p>Owned by the hubs' loop.
 */
final class Braid implements Connection.Reader, Listeners.Listener {

  private final Connection connection;
  private final List<Strand> strands;
  private final Supplier<Cursor> node;
  private final Supplier<Cursor> now;
  private final Consumer<Braid> whenOver;
  private final Start start;

  /** What the client would come back with; of partitions without a strand it may say anything. */
  private Cursor cursor;

  private int replayed;
  private boolean begun;
  private boolean ready;
  private boolean closed;

  /** Who is asked first when there is room again; so that no strand starves the others. */
  private int turn;

  /**
   * @param partitions that the stream has rooms in
   * @param now how far the loop's hubs are
   * @param node how far the node's feeds are
   * @param whenOver called once
   */
  Braid(
      Connection connection,
      List<Partition> partitions,
      Start start,
      Supplier<Cursor> now,
      Supplier<Cursor> node,
      Consumer<Braid> whenOver) {
    this.whenOver = whenOver;
    this.connection = connection;
    this.node = node;
    this.start = start;
    this.now = now;
    this.cursor = begin(start, now.get());
    this.strands = new ArrayList<>(partitions.stream().map(Strand::new).toList());
    connection.attach(this);
  }

  /** Who starts back from the end has nothing of a partition until its strand says where. */
  private static Cursor begin(Start start, Cursor now) {
    return switch (start) {
      case Start.After(Cursor given) when !given.isSingle() -> given;
      case Start.After(Cursor given) -> all(now, given.after());
      case Start.Back _ -> all(now, EventId.ZERO);
      case Start.Now _, Start.Invalid _ -> now;
    };
  }

  private static Cursor all(Cursor like, EventId position) {
    return new Cursor(Collections.nCopies(like.positions().size(), position));
  }

  private static Start in(Partition partition, Start start) {
    return start instanceof Start.After(Cursor given)
        ? new Start.After(new Cursor(given.in(partition)))
        : start;
  }

  /** To be called once for each of its partitions. */
  void join(
      Hub hub,
      Partition partition,
      List<RoomId> rooms,
      Visitor visitor,
      Attendee attendee,
      Map<RoomId, EventId> readAt) {
    for (Strand strand : List.copyOf(strands)) {
      if (strand.partition.equals(partition) && !closed) {
        strand.hub = hub;
        hub.join(strand, rooms, in(partition, start), visitor, attendee, readAt);
      }
    }
  }

  // --- What the connection tells ---------------------------------------------------------------

  @Override
  public void drained() {
    int first = turn++;
    List<Strand> present = List.copyOf(strands);
    for (int i = 0; i < present.size(); i++) {
      Subscription subscription =
          present.get(Math.floorMod(first + i, present.size())).subscription;
      if (subscription != null) {
        subscription.drained();
      }
    }
  }

  @Override
  public void closed() {
    if (!closed) {
      closed = true;
      for (Strand strand : List.copyOf(strands)) {
        strand.over();
      }
      whenOver.accept(this);
    }
  }

  @Override
  public boolean stays() {
    return connection.stays();
  }

  @Override
  public void end(Goodbye why) {
    connection.end(why);
  }

  @Override
  public Cursor position() {
    return exactly();
  }

  /** What the client has of each partition, nothing more and nothing less. */
  private Cursor exactly() {
    Cursor exact = cursor;
    for (Strand strand : strands) {
      exact = exact.with(strand.partition, strand.reached());
    }
    return exact;
  }

  // --- What the strands tell -------------------------------------------------------------------

  private void beginIfAllMay() {
    if (!begun && !closed && strands.stream().allMatch(strand -> strand.begin != null)) {
      begun = true;
      cursor = begin(start, now.get());
      for (Strand strand : List.copyOf(strands)) {
        Runnable begin = strand.begin;
        if (begin != null) {
          begin.run();
        }
      }
    }
  }

  private void event(Strand from, Frame frame) {
    Cursor shared = frame.cursor();
    if (shared != null && isTrue(shared, from)) {
      say(shared);
      connection.event(frame);
    } else {
      // Its strand moves on only when it has told it.
      say(exactly().with(from.partition, frame.id()));
      connection.event(frame.at(cursor));
    }
  }

  /** With what is told next the client gets this cursor, and so holds it of all partitions. */
  private void say(Cursor next) {
    cursor = next;
    for (Strand strand : strands) {
      if (strand.subscription != null) {
        strand.subscription.claims(next.in(strand.partition));
      }
    }
  }

  /** Whether a frame's cursor says of all other strands what the client has. */
  private boolean isTrue(Cursor shared, Strand from) {
    for (Strand strand : strands) {
      if (strand != from && !strand.isAt(shared.in(strand.partition))) {
        return false;
      }
    }
    return true;
  }

  private void reset(Strand from, Reset reset) {
    say(exactly().with(from.partition, reset.id()));
    for (Strand strand : strands) {
      if (strand != from && strand.subscription != null) {
        strand.subscription.resumes();
      }
    }
    connection.reset(new Reset(reset.rooms(), reset.reason(), cursor, reset.oldest()));
  }

  private void ready(Strand from, Ready told) {
    from.ready = true;
    replayed += told.replayed();
    readyIfAllAre();
  }

  private void readyIfAllAre() {
    if (!ready && !closed && strands.stream().allMatch(strand -> strand.ready)) {
      ready = true;
      Cursor rest = node.get();
      Cursor exact = exactly();
      for (Strand strand : strands) {
        rest = rest.with(strand.partition, exact.in(strand.partition));
      }
      if (connection.tellsReady()) {
        say(rest);
      }
      List<RoomId> rooms =
          strands.stream().flatMap(Strand::rooms).sorted(Comparator.naturalOrder()).toList();
      connection.ready(new Ready(rest, rooms, start instanceof Start.After, replayed));
    }
  }

  /** The last room of a strand may not be read any more: of the others there is more to tell. */
  private void lose(Strand strand) {
    if (strands.size() == 1) {
      connection.end(Goodbye.FORBIDDEN);
    } else {
      strands.remove(strand);
      strand.over();
      beginIfAllMay();
      readyIfAllAre();
    }
  }

  /** One partition's part, to its subscription the whole connection. */
  private final class Strand implements Connection {
    private final Partition partition;
    private @Nullable Hub hub;
    private @Nullable Subscription subscription;
    private @Nullable Runnable begin;
    private boolean ready;

    Strand(Partition partition) {
      this.partition = partition;
    }

    /** Up to where the client has all of this partition. */
    EventId reached() {
      return subscription != null && subscription.hasBegun()
          ? subscription.reached()
          : cursor.in(partition);
    }

    /** Whether the client has all up to there, and was told of nothing above it. */
    boolean isAt(EventId position) {
      return !cursor.in(partition).isAfter(position)
          && !position.isAfter(reached())
          && hub != null
          && !hub.isCutOff(position);
    }

    Stream<RoomId> rooms() {
      return subscription == null ? Stream.of() : subscription.rooms().stream();
    }

    void over() {
      if (subscription != null) {
        subscription.closed();
      }
    }

    @Override
    public void attach(Reader reader) {
      subscription = (Subscription) reader;
    }

    @Override
    public boolean isWritable() {
      return !closed && connection.isWritable();
    }

    @Override
    public boolean stays() {
      return connection.stays();
    }

    @Override
    public void whenHeard(Runnable mayBegin) {
      if (start instanceof Start.After) {
        mayBegin.run();
      } else {
        begin = mayBegin;
        beginIfAllMay();
      }
    }

    @Override
    public void event(Frame frame) {
      Braid.this.event(this, frame);
    }

    @Override
    public void ephemeral(Frame frame) {
      connection.ephemeral(frame);
    }

    @Override
    public void reset(Reset reset) {
      Braid.this.reset(this, reset);
    }

    @Override
    public void ready(Ready told) {
      Braid.this.ready(this, told);
    }

    @Override
    public boolean tellsReady() {
      return connection.tellsReady();
    }

    @Override
    public void flush() {
      connection.flush();
    }

    @Override
    public void end(Goodbye why) {
      if (why == Goodbye.FORBIDDEN) {
        lose(this);
      } else {
        connection.end(why);
      }
    }

    @Override
    public long acceptedBytes() {
      return connection.acceptedBytes();
    }
  }
}
