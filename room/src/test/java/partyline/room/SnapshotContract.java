package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** A room at one instant. */
public interface SnapshotContract extends ContractedLog {

  Field COUNT = Field.state("count");
  Field SETTINGS = Field.state("settings");

  @Test
  default void a_snapshot_holds_the_newest_messages_and_the_state() {
    say(A, "1");
    Event two = say(A, "2");
    Event three = say(A, "3");
    Event head = appended(appEvent(A, "set").changing(List.of(new Change.Set(SETTINGS, "{}"))));
    Event elsewhere = say(B, "x");

    Snapshot snapshot = snapshot(A, 2, SETTINGS, Field.state("absent"));

    assertThat(snapshot.cursor()).isEqualTo(elsewhere.id());
    assertThat(snapshot.head()).isEqualTo(head.id());
    assertThat(snapshot.lastNumber()).isEqualTo(3);
    assertThat(snapshot.fields()).isEqualTo(Map.of(SETTINGS, "{}"));
    assertThat(snapshot.messages()).isEqualTo(asSaid(two, three));
    assertThat(snapshot.pinned()).isEmpty();
    assertThat(snapshot.now()).isAfterOrEqualTo(elsewhere.at());
  }

  @Test
  default void a_room_that_nobody_ever_wrote_to_is_an_empty_snapshot() {
    Event elsewhere = say(B, "x");

    Snapshot snapshot = snapshot(A, 50, SETTINGS);

    assertThat(snapshot.cursor()).isEqualTo(elsewhere.id());
    assertThat(snapshot.head()).isEqualTo(ZERO);
    assertThat(snapshot.lastNumber()).isZero();
    assertThat(snapshot.fields()).isEmpty();
    assertThat(snapshot.messages()).isEmpty();
  }

  @Test
  default void a_snapshot_without_messages_has_the_rest() {
    Event event = say(A, "x");

    Snapshot snapshot = snapshot(A, 0);

    assertThat(snapshot.head()).isEqualTo(event.id());
    assertThat(snapshot.lastNumber()).isEqualTo(1);
    assertThat(snapshot.messages()).isEmpty();
  }

  @Test
  default void a_snapshot_has_the_pinned_messages_however_old_they_are() {
    Event old = say(A, "old");
    Event edited = say(A, "edited");
    Event newest = say(A, "newest");
    String pins = "[\"" + edited.id() + "\",\"" + old.id() + "\",\"5-5\"]";
    append(
        appEvent(A, "x")
            .changing(
                List.of(
                    new Change.Amend(edited.id(), "{\"text\":\"new\"}"),
                    new Change.Set(Field.state("pins"), pins))));

    Snapshot snapshot = snapshot(A, 1);

    assertThat(snapshot.messages()).isEqualTo(asSaid(newest));
    assertThat(snapshot.pinned())
        .containsExactly(
            Message.of(edited).amendedTo("{\"text\":\"new\"}").with(Message.NO_REACTIONS, true),
            Message.of(old).with(Message.NO_REACTIONS, true));
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
                      .changing(List.of(new Change.Set(COUNT, String.valueOf(i + 1)))),
                  ZERO));
      snapshots.add(log().snapshot(A, Limits.HISTORY_PAGE_MESSAGES, List.of(COUNT)));
    }
    appends.forEach(this::await);

    for (CompletionStage<Snapshot> one : snapshots) {
      Snapshot snapshot = await(one);
      var all = new ArrayList<>(snapshot.messages());
      assertThat(snapshot.lastNumber()).isEqualTo(all.size());
      assertThat(snapshot.fields().getOrDefault(COUNT, "0"))
          .isEqualTo(String.valueOf(snapshot.lastNumber()));
      assertThat(snapshot.head()).isEqualTo(all.isEmpty() ? ZERO : all.getLast().id());
      all.addAll(asSaid(resume(List.of(A), snapshot.cursor()).events()));
      assertThat(all).isEqualTo(asSaid(eventsInLog()));
    }
  }

  private Snapshot snapshot(RoomId room, int messages, Field... fields) {
    return await(log().snapshot(room, messages, List.of(fields)));
  }
}
