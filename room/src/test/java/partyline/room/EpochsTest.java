package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

final class EpochsTest {

  private static final RoomId ROOM = new RoomId("a");

  @Example
  void the_worked_example() {
    var epoch = new Epoch(new EventId(10, 0), new EventId(30_010, 0));

    assertThat(epoch.id()).isEqualTo(epoch.start());
    assertThat(epoch.cutOff(new EventId(12, 0))).isTrue();
    assertThat(epoch.cutOff(new EventId(10, 0))).isFalse();
    assertThat(epoch.cutOff(new EventId(30_010, 0))).isFalse();
    assertThat(epoch.cutOff(new EventId(30_011, 0))).isFalse();
  }

  @Example
  void without_epochs_nobody_can_be_judged() {
    assertThat(Epochs.NONE.lost(new EventId(5, 0))).isFalse();
    assertThat(Epochs.NONE.after(EventId.ZERO)).isEmpty();
  }

  @Example
  void
      a_cursor_older_than_the_oldest_epoch_kept_is_lost_but_not_the_one_that_asks_for_the_oldest() {
    var epochs = new Epochs(List.of(new Epoch(new EventId(500, 0), new EventId(900, 0))));

    assertThat(epochs.lost(new EventId(400, 0))).isTrue();
    assertThat(epochs.lost(new EventId(500, 0))).isTrue();
    assertThat(epochs.lost(new EventId(900, 0))).isFalse();
    assertThat(epochs.lost(EventId.ZERO)).isFalse();
  }

  @Example
  void a_cursor_that_is_only_old_was_not_cut_off() {
    var epochs = new Epochs(List.of(new Epoch(new EventId(500, 0), new EventId(900, 0))));

    assertThat(epochs.cutOff(new EventId(400, 0))).isFalse();
    assertThat(epochs.cutOff(new EventId(500, 0))).isFalse();
    assertThat(epochs.cutOff(new EventId(501, 0))).isTrue();
    assertThat(epochs.cutOff(new EventId(900, 0))).isFalse();
  }

  @Example
  void a_feed_has_not_heard_of_the_epochs_that_start_after_it() {
    var first = new Epoch(EventId.ZERO, new EventId(10, 0));
    var second = new Epoch(new EventId(15, 0), new EventId(50, 0));
    var epochs = new Epochs(List.of(first, second));

    assertThat(epochs.after(EventId.ZERO)).containsExactly(first, second);
    assertThat(epochs.after(new EventId(10, 0))).containsExactly(second);
    assertThat(epochs.after(new EventId(50, 0))).isEmpty();
  }

  /**
   * Many lives of one log, each losing its last few events; and one client at every id that was
   * ever given out. {@code wiped} lives lose everything.
   */
  @Property(tries = 300)
  void exactly_those_who_hold_what_no_longer_exists_are_lost(
      @ForAll @Size(max = 12) List<@IntRange(max = 6) Integer> written,
      @ForAll @Size(value = 12) List<@IntRange(max = 4) Integer> losses) {
    var log = new MemoryRoomLog();
    Set<EventId> everGivenOut = new HashSet<>();
    var standing = new ArrayList<EventId>();
    EventId highest = EventId.ZERO;
    for (int life = 0; life < written.size(); life++) {
      for (int i = 0; i < written.get(life); i++) {
        EventId id = append(log, highest);
        highest = EventId.max(highest, id);
        everGivenOut.add(id);
        standing.add(id);
      }
      int lost = losses.get(life);
      if (lost == 4) {
        log.wipe();
        standing.clear();
      } else {
        int kept = Math.max(0, standing.size() - lost);
        log.loseAfter(kept == 0 ? EventId.ZERO : standing.get(kept - 1));
        standing.subList(kept, standing.size()).clear();
      }
    }
    EventId last = append(log, highest);
    standing.add(last);
    everGivenOut.add(last);

    Epochs epochs = log.epochs();
    for (EventId id : everGivenOut) {
      assertThat(epochs.lost(id)).as(id + " in " + epochs).isEqualTo(!standing.contains(id));
    }
  }

  private static EventId append(MemoryRoomLog log, EventId seen) {
    AppendResult result =
        log.append(Append.of(ROOM, "app.x", "{}", "{}"), seen).toCompletableFuture().join();
    return ((AppendResult.Appended) result).event().id();
  }
}
