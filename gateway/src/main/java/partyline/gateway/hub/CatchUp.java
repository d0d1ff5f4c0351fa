package partyline.gateway.hub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import partyline.gateway.connection.Frame;
import partyline.gateway.loop.Loop;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Limits;
import partyline.room.LogUnavailable;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.RoomsPage;

/**
 * Reads from Redis what the ring no longer holds, for readers who came back or fell behind.
 *
 * <p>A herd asks for the same thing at the same time, so equal reads under way are one read, and
 * its page is encoded once. The number of reads under way and of those that wait is bounded; past
 * that the answer is no, and the client comes back later. Owned by the hub's loop.
 */
final class CatchUp {

  /**
   * Redis reads one after the other, so more would only wait there, and everybody else behind them.
   */
  private static final int READS_UNDER_WAY = 4;

  private static final int READS_WAITING = 4_096;

  /** Events of one page over all rooms, about; a page is held by whoever can't take it yet. */
  private static final int PAGE_EVENTS = 512;

  private static final int PAGE_EVENTS_PER_ROOM_MIN = 16;

  /**
   * What was read, and the same encoded.
   *
   * @param asked where the hub stood when the read was sent: a log that holds less lost events
   */
  record Page(RoomsPage page, List<Frame> frames, EventId asked) {}

  interface Reply {
    /** Exactly one argument is null. */
    void read(@Nullable Page page, @Nullable LogUnavailable failure);
  }

  private record Key(List<RoomId> rooms, EventId after) {}

  private final Loop loop;
  private final RoomLog log;
  private final Supplier<EventId> position;
  private final Function<Event, Frame> encoder;
  private final Map<Key, List<Reply>> wanted = new HashMap<>();
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int underWay;

  /**
   * @param position where the hub stands
   * @param encoder makes the frames of a page
   */
  CatchUp(Loop loop, RoomLog log, Supplier<EventId> position, Function<Event, Frame> encoder) {
    this.encoder = encoder;
    this.loop = loop;
    this.log = log;
    this.position = position;
  }

  /**
   * Reads on after an id; the reply comes on the loop, never from within this call.
   *
   * @param rooms in any order, the same order for the same rooms
   * @return false if there is no room to wait in
   */
  boolean read(List<RoomId> rooms, EventId after, Reply reply) {
    assert loop.isCurrent();
    var key = new Key(rooms, after);
    List<Reply> others = wanted.get(key);
    if (others != null) {
      others.add(reply);
      return true;
    }
    var replies = new ArrayList<Reply>(1);
    replies.add(reply);
    wanted.put(key, replies);
    boolean admitted = admit(() -> start(key));
    if (!admitted) {
      wanted.remove(key);
    }
    return admitted;
  }

  /**
   * Finds the id after which the last {@code count} retained events lie; the reply comes on the
   * loop, never from within this call, and one of its arguments is null.
   *
   * @return false if there is no room to wait in
   */
  boolean back(
      List<RoomId> rooms, int count, BiConsumer<@Nullable EventId, @Nullable Throwable> reply) {
    assert loop.isCurrent();
    return admit(() ->
        loop.on(
            log.back(rooms, count),
            (after, failure) -> {
              ended();
              reply.accept(after, failure);
            }));
  }

  private boolean admit(Runnable read) {
    if (underWay < READS_UNDER_WAY) {
      underWay++;
      read.run();
      return true;
    }
    return waiting.size() < READS_WAITING && waiting.add(read);
  }

  private void ended() {
    Runnable next = waiting.poll();
    if (next == null) {
      underWay--;
    } else {
      next.run();
    }
  }

  private void start(Key key) {
    EventId asked = position.get();
    int perRoom = Math.max(PAGE_EVENTS_PER_ROOM_MIN, PAGE_EVENTS / key.rooms().size());
    loop.on(
        log.rooms(key.rooms(), key.after(), Math.min(perRoom, Limits.REPLAY_EVENTS_PER_ROOM)),
        (page, failure) -> done(key, asked, page, failure));
  }

  private void done(Key key, EventId asked, @Nullable RoomsPage page, @Nullable Throwable failure) {
    ended();
    List<Reply> replies = wanted.remove(key);
    if (replies == null) {
      return;
    }
    if (page == null) {
      var unavailable =
          failure instanceof LogUnavailable known
              ? known
              : new LogUnavailable("reading a resume failed: " + failure);
      replies.forEach(reply -> reply.read(null, unavailable));
    } else {
      var encoded = new Page(page, page.events().stream().map(encoder).toList(), asked);
      replies.forEach(reply -> reply.read(encoded, null));
    }
  }
}
