package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is kept beside the log: changed with an event, expected by a decision, seen in a view. */
public interface FieldsContract extends ContractedLog {

  Field SETTINGS = Field.state("settings");
  Field BAN = Field.person(ADA, "ban");
  Field ADAS_ROOM = Field.person(ADA, "room:a");

  @Test
  default void what_is_kept_of_a_person_is_the_same_in_every_room() {
    append(appEvent(A, "x").changing(List.of(new Change.Set(BAN, "here"))));

    assertThat(view(B, BAN).field(BAN)).contains("here");
    assertThat(view(B, Field.person(new UserId("u2"), "ban")).fields()).isEmpty();
  }

  @Test
  default void state_is_of_one_room() {
    append(appEvent(A, "x").changing(List.of(new Change.Set(SETTINGS, "{}"))));

    assertThat(view(A, SETTINGS).fields()).isEqualTo(Map.of(SETTINGS, "{}"));
    assertThat(view(B, SETTINGS).fields()).isEmpty();
  }

  @Test
  default void a_stamp_is_the_events_own_id_and_time() {
    Field last = Field.state("last:u1");
    Event event =
        appended(
            message(A, "x")
                .changing(List.of(new Change.StampTime(last), new Change.StampId(ADAS_ROOM))));

    View view = view(A, last, ADAS_ROOM);

    assertThat(view.field(last)).contains(Long.toString(event.at().toEpochMilli()));
    assertThat(view.field(ADAS_ROOM)).contains(event.id().toString());
  }

  @Test
  default void a_count_begins_at_0_and_stays_when_it_is_0_again() {
    Field members = Field.state("members");
    append(appEvent(A, "x").changing(List.of(new Change.Count(members, 3))));
    append(appEvent(A, "x").changing(List.of(new Change.Count(members, -3))));

    assertThat(view(A, members).field(members)).contains("0");
  }

  @Test
  default void changes_are_made_in_their_order() {
    append(
        appEvent(A, "x")
            .changing(
                List.of(
                    new Change.Set(SETTINGS, "1"),
                    new Change.Remove(SETTINGS),
                    new Change.Count(SETTINGS, 7))));

    assertThat(view(A, SETTINGS).field(SETTINGS)).contains("7");
  }

  @Test
  default void expectations_of_several_places_hold_together_or_not_at_all() {
    Event said = say(A, "x");
    Field amended = Field.amended(said.id());
    append(
        appEvent(A, "x")
            .changing(List.of(new Change.Set(SETTINGS, "{}"), new Change.Set(BAN, "b"))));
    List<Expectation> right =
        List.of(
            Expectation.of(SETTINGS, "{}"),
            Expectation.of(BAN, "b"),
            Expectation.absent(amended),
            Expectation.absent(Field.state("mute:u1")));

    assertThat(append(message(A, "y").expecting(right))).isInstanceOf(AppendResult.Appended.class);
    append(appEvent(A, "x").changing(List.of(new Change.Amend(said.id(), "{\"text\":\"z\"}"))));
    AppendResult result = append(message(A, "y").expecting(right));

    assertThat(result).isInstanceOf(AppendResult.Stale.class);
    assertThat(((AppendResult.Stale) result).current())
        .isEqualTo(Map.of(SETTINGS, "{}", BAN, "b", amended, "{\"text\":\"z\"}"));
  }

  @Test
  default void a_view_and_a_stale_answer_tell_the_time_the_events_are_stamped_with() {
    Event before = say(A, "before");
    View view = view(A);
    AppendResult.Stale stale =
        (AppendResult.Stale)
            append(message(A, "x").expecting(List.of(Expectation.of(SETTINGS, "x"))));
    Event after = say(A, "after");

    assertThat(view.now()).isBetween(before.at(), after.at());
    assertThat(stale.now()).isBetween(before.at(), after.at());
    assertThat(view.head()).isEqualTo(before.id());
    assertThat(view(new RoomId("nobody")).head()).isEqualTo(ZERO);
  }

  @Test
  default void a_view_has_messages_as_they_stand() {
    Event one = say(A, "1");
    Event two = say(A, "2");
    Event other = emit(A);
    Event elsewhere = say(B, "x");
    Event update =
        appended(
            appEvent(A, "x").changing(List.of(new Change.Amend(two.id(), "{\"text\":\"new\"}"))));

    View view =
        await(
            log()
                .view(
                    A,
                    List.of(),
                    List.of(one.id(), two.id(), other.id(), elsewhere.id(), update.id(), ZERO)));

    assertThat(view.messages().keySet()).containsExactlyInAnyOrder(one.id(), two.id());
    assertThat(view.message(one.id())).contains(Message.of(one));
    assertThat(view.message(two.id())).contains(Message.of(two).amendedTo("{\"text\":\"new\"}"));
  }

  @Test
  default void a_view_is_bounded() {
    List<Field> fields =
        IntStream.rangeClosed(0, Limits.VIEW_FIELDS).mapToObj(i -> Field.state("f" + i)).toList();

    assertThatThrownBy(() -> log().view(A, fields, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(await(log().view(A, fields.subList(1, fields.size()), List.of())).fields())
        .isEmpty();
  }

  @Test
  default void of_two_that_edit_what_they_read_one_wins() {
    Event said = say(A, "x");
    Field amended = Field.amended(said.id());
    List<CompletionStage<AppendResult>> asked =
        IntStream.range(0, 20)
            .mapToObj(i ->
                log()
                    .append(
                        appEvent(A, "edit")
                            .expecting(List.of(Expectation.absent(amended)))
                            .changing(
                                List.of(new Change.Amend(said.id(), "{\"text\":\"" + i + "\"}"))),
                        ZERO))
            .toList();

    assertThat(asked.stream().map(this::await).filter(AppendResult.Appended.class::isInstance))
        .hasSize(1);
  }

  private View view(RoomId room, Field... fields) {
    return await(log().view(room, List.of(fields), List.of()));
  }
}
