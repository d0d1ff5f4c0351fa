package partyline.gateway.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import partyline.gateway.connection.Frame;
import partyline.gateway.feed.Feed;
import partyline.gateway.loop.ManualLoop;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.ManualClock;
import partyline.room.MemoryRoomLog;
import partyline.room.PubSub;
import partyline.room.RoomId;
import partyline.room.RoomLog;

/**
 * Nodes without a network: feeds and hubs as they are, each on a loop of its own, over one memory
 * log. Nothing happens by itself and everything happens the same way again: the test turns the
 * loops and moves the one clock.
 */
public final class MemoryCluster {

  private static final int SLICE_MILLIS = 50;

  /** Rounds of more than one connection are broken off wherever they can be. */
  private static final int WRITES_A_SLICE = 1;

  static final long SEED = 20_260_101;

  public final ManualClock clock = new ManualClock();
  public final MemoryRoomLog log = new MemoryRoomLog(clock);
  public final List<Node> nodes = new ArrayList<>();
  private final SplittableRandom random;

  public MemoryCluster() {
    this(SEED);
  }

  MemoryCluster(long seed) {
    random = new SplittableRandom(seed);
  }

  /** One feed, and one hub a loop. */
  public static final class Node {
    public final Feed feed;
    public final List<Hub> hubs = new ArrayList<>();
    private final ManualLoop feedLoop = new ManualLoop();
    private final List<ManualLoop> loops = new ArrayList<>();

    private Node(RoomLog log, PubSub pubSub, int hubCount, SplittableRandom random) {
      feed = new Feed(feedLoop, pubSub, log, random.split(), null);
      loops.add(feedLoop);
      for (int i = 0; i < hubCount; i++) {
        var loop = new ManualLoop();
        loops.add(loop);
        var hub = new Hub(loop, log, feed, Frame::of, random.split(), WRITES_A_SLICE);
        hub.start();
        hubs.add(hub);
      }
    }

    /** Opens a stream on the first hub; it goes on when the loops are turned. */
    public RecordingConnection join(Start start, RoomId... rooms) {
      return join(0, RecordingConnection.that(), start, rooms);
    }

    /** The same with a connection of the test's, on any hub. */
    public RecordingConnection join(
        int hub, RecordingConnection connection, Start start, RoomId... rooms) {
      hubs.get(hub).join(connection, List.of(rooms), start);
      return connection;
    }

    public Feed.State state() {
      return feed.health().state();
    }

    /** Lets one task happen on one of its loops, the feed's being the first; false if none was. */
    public boolean turnOnce(int loop) {
      return loops.get(loop).runOne();
    }

    public int loops() {
      return loops.size();
    }
  }

  /** Adds a node whose feed has not started yet. */
  public Node add(int hubs) {
    return add(hubs, log, log);
  }

  public Node add(int hubs, PubSub pubSub, RoomLog roomLog) {
    var node = new Node(roomLog, pubSub, hubs, random);
    nodes.add(node);
    return node;
  }

  /** Adds a node that is live. */
  public Node start(int hubs) {
    Node node = add(hubs);
    node.feed.start();
    run();
    return node;
  }

  /** Turns all loops until nobody has anything to do. */
  public void run() {
    boolean ran = true;
    while (ran) {
      ran = false;
      for (Node node : nodes) {
        for (ManualLoop loop : node.loops) {
          while (loop.runOne()) {
            ran = true;
          }
        }
      }
    }
  }

  /** Lets time pass for all alike. */
  public void pass(long millis) {
    pass(millis, SLICE_MILLIS);
  }

  /** The same where it does not matter who is first: a loop may be so far ahead of the others. */
  void pass(long millis, int sliceMillis) {
    run();
    for (long left = millis; left > 0; left -= sliceMillis) {
      long slice = Math.min(left, sliceMillis);
      clock.advance(Duration.ofMillis(slice));
      nodes.forEach(node -> node.loops.forEach(loop -> loop.pass(slice)));
      run();
    }
  }

  /** Somebody posts, through a node that knows of nothing. */
  public EventId say(RoomId room) {
    return say(room, EventId.ZERO);
  }

  /** Somebody posts, through a node whose feed has seen so much. Nobody has heard of it yet. */
  public EventId say(RoomId room, EventId seen) {
    var append = Append.of(room, EventType.MESSAGE_CREATED, "{}", "{\"text\":\"hi\"}");
    AppendResult result = log.append(append, seen).toCompletableFuture().getNow(null);
    if (Objects.requireNonNull(result) instanceof AppendResult.Appended(Event event)) {
      return event.id();
    }
    throw new AssertionError("not appended: " + result);
  }

  /** So many posts to one room, heard by all. */
  public List<EventId> say(RoomId room, int count) {
    var ids = new ArrayList<EventId>(count);
    for (int i = 0; i < count; i++) {
      ids.add(say(room));
    }
    run();
    return ids;
  }
}
