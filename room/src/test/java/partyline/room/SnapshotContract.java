package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A room at one instant. */
public interface SnapshotContract extends ContractedLog {

  @Test
  default void a_snapshot_holds_the_newest_messages_and_the_state() {
    say(A, "1");
    Event two = say(A, "2");
    Event three = say(A, "3");
    Event head =
        appended(
            appEvent(A, "set").changing(List.of(new Change.Set(Field.state("settings"), "{}"))));
    Event elsewhere = say(B, "x");

    Snapshot snapshot = await(log().snapshot(A, 2));

    assertThat(snapshot)
        .isEqualTo(
            new Snapshot(
                elsewhere.id(), head.id(), 3, Map.of("settings", "{}"), List.of(two, three)));
  }

  @Test
  default void a_room_that_nobody_ever_wrote_to_is_an_empty_snapshot() {
    Event elsewhere = say(B, "x");

    assertThat(await(log().snapshot(A, 50)))
        .isEqualTo(new Snapshot(elsewhere.id(), ZERO, 0, Map.of(), List.of()));
  }

  @Test
  default void a_snapshot_without_messages_has_the_rest() {
    Event event = say(A, "x");

    assertThat(await(log().snapshot(A, 0)))
        .isEqualTo(new Snapshot(event.id(), event.id(), 1, Map.of(), List.of()));
  }

  @Test
  default void a_stream_from_its_cursor_continues_it_without_a_gap() {
    var appends = new ArrayList<CompletionStage<AppendResult>>();
    var snapshots = new ArrayList<CompletionStage<Snapshot>>();
    for (int i = 0; i < 100; i++) {
      appends.add(
          log()
              .append(
                  message(A, "m" + i)
                      .changing(
                          List.of(new Change.Set(Field.state("count"), String.valueOf(i + 1)))),
                  ZERO));
      snapshots.add(log().snapshot(A, Limits.HISTORY_PAGE_MESSAGES));
    }
    appends.forEach(this::await);

    for (CompletionStage<Snapshot> one : snapshots) {
      Snapshot snapshot = await(one);
      var all = new ArrayList<>(snapshot.messages());
      assertThat(snapshot.lastNumber()).isEqualTo(all.size());
      assertThat(snapshot.state().getOrDefault("count", "0"))
          .isEqualTo(String.valueOf(snapshot.lastNumber()));
      assertThat(snapshot.head()).isEqualTo(all.isEmpty() ? ZERO : all.getLast().id());
      all.addAll(resume(List.of(A), snapshot.cursor()).events());
      assertThat(all).isEqualTo(eventsInLog());
    }
  }
}
