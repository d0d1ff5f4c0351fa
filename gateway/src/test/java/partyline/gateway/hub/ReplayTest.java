package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import partyline.gateway.connection.Frame;
import partyline.room.Epochs;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.RoomId;
import partyline.room.RoomsPage;

final class ReplayTest {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final long DEADLINE_NANOS = 10_000_000_000L;

  @Test
  void who_stops_near_the_end_of_a_page_keeps_the_end_and_not_the_page() {
    var replay = new Replay();
    WeakReference<Frame> first = take(replay, 500);
    for (int i = 0; i < 490; i++) {
      replay.next(EventId.ZERO);
    }

    replay.keepLittle();

    assertThat(isCollected(first)).isTrue();
    assertThat(replay.next(EventId.ZERO)).extracting(Frame::id).isEqualTo(new EventId(491, 0));
  }

  @Test
  void much_of_a_page_is_read_again_rather_than_kept() {
    var replay = new Replay();
    take(replay, 500);
    replay.next(EventId.ZERO);

    replay.keepLittle();

    assertThat(replay.hasPage()).isFalse();
  }

  private static WeakReference<Frame> take(Replay replay, int events) {
    List<Event> found = LongStream.rangeClosed(1, events).mapToObj(ReplayTest::event).toList();
    List<Frame> frames = found.stream().map(Frame::of).toList();
    var last = new EventId(events, 0);
    var page = new RoomsPage(last, last, Epochs.NONE, found, Map.of());
    assertThat(replay.take(new CatchUp.Page(page, frames, EventId.ZERO), List.of(LOBBY), false))
        .isNull();
    return new WeakReference<>(frames.getFirst());
  }

  private static Event event(long id) {
    return new Event(
        new EventId(id, 0),
        LOBBY,
        EventType.MESSAGE_CREATED,
        Instant.EPOCH,
        EventId.ZERO,
        id,
        "{}",
        "{\"text\":\"" + "x".repeat(1_000) + "\"}");
  }

  private static boolean isCollected(WeakReference<?> reference) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (reference.get() != null && System.nanoTime() < deadline) {
      System.gc();
    }
    return reference.get() == null;
  }
}
