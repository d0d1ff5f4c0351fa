package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Appends: one step or nothing, one order, numbers without holes. */
public interface AppendContract extends ContractedLog {

  @Test
  default void what_was_appended_is_answered_and_stands_everywhere_under_one_id() {
    Event event = say(A, "hello");

    assertThat(event.room()).isEqualTo(A);
    assertThat(event.type()).isEqualTo(EventType.MESSAGE_CREATED);
    assertThat(event.by()).isEqualTo(BY_ADA);
    assertThat(event.data()).isEqualTo("{\"text\":\"hello\"}");
    assertThat(event.at().toEpochMilli()).isPositive();
    assertThat(eventsInLog()).containsExactly(event);
    assertThat(resume(List.of(A), ZERO).events()).containsExactly(event);
    assertThat(messages(A)).isEqualTo(asSaid(event));
    assertThat(await(log().heads(List.of(A)))).isEqualTo(Map.of(A, event.id()));
  }

  @Test
  default void any_text_survives_as_it_is() {
    for (String text :
        List.of("", "\"\\", "line\nbreak\ttab", "é👩‍🚀\u2028\u0085\u0000", "=!{t}:*")) {
      Event event = say(A, text);
      assertThat(resume(List.of(A), ZERO).events()).last().isEqualTo(event);
      assertThat(event.data()).isEqualTo("{\"text\":" + Json.quote(text) + "}");
    }
  }

  @Test
  default void an_inbox_is_a_room_like_any_other_whatever_its_user_is_called() {
    RoomId inbox = RoomId.inboxOf(new UserId("x} {\"é:*"));

    Event event = emit(inbox);

    assertThat(event.room()).isEqualTo(inbox);
    assertThat(resume(List.of(inbox), ZERO).events()).containsExactly(event);
    assertThat(resume(List.of(A), ZERO).events()).isEmpty();
  }

  @Test
  default void ids_rise_strictly_over_all_rooms() {
    List<EventId> ids =
        IntStream.range(0, 200).mapToObj(i -> (i % 3 == 0 ? emit(A) : say(B, "x")).id()).toList();

    assertThat(ids).isSorted().doesNotHaveDuplicates();
  }

  @Test
  default void ids_rise_strictly_with_the_clock_stepped_back() {
    Event before = say(A, "before");
    stepBack(Duration.ofHours(2));

    Event after = say(A, "after");
    Event other = say(B, "other");

    assertThat(after.id()).isGreaterThan(before.id());
    assertThat(other.id()).isGreaterThan(after.id());
    assertThat(epochs().newest()).hasSize(1);
  }

  @Test
  default void ids_rise_strictly_over_a_trimmed_log() {
    Event before = say(A, "before");
    stepBack(Duration.ofHours(2));
    trimLog(0);

    assertThat(say(A, "after").id()).isGreaterThan(before.id());
  }

  @Test
  default void of_many_callers_at_once_every_event_gets_one_place_in_the_order() {
    List<CompletionStage<AppendResult>> asked = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      asked.add(log().append(message(i % 2 == 0 ? A : B, "m" + i), ZERO));
    }
    List<Event> answered =
        asked.stream().map(one -> ((AppendResult.Appended) await(one)).event()).toList();

    assertThat(eventsInLog()).hasSize(300).containsExactlyInAnyOrderElementsOf(answered);
    assertThat(eventsInLog()).extracting(Event::id).isSorted();
    assertThat(answered.stream().filter(event -> event.room().equals(A)).map(Event::number))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, 150).mapToObj(Long::valueOf).toList());
  }

  @Test
  default void messages_are_numbered_within_their_room_and_nothing_else_is() {
    assertThat(say(A, "1").number()).isEqualTo(1);
    assertThat(emit(A).number()).isZero();
    assertThat(say(B, "1").number()).isEqualTo(1);
    assertThat(say(A, "2").number()).isEqualTo(2);
  }

  @Test
  default void a_number_is_not_used_again_when_its_message_is_gone() {
    Event gone = say(A, "gone");
    erase(A, gone.id());
    trimResume(A, 0);
    trimHistory(A, 0);
    trimLog(0);

    Event next = say(A, "next");

    assertThat(next.number()).isEqualTo(2);
    assertThat(next.prev()).isEqualTo(gone.id());
  }

  @Test
  default void each_event_names_the_one_before_it_in_its_room() {
    Event first = say(A, "first");
    Event elsewhere = say(B, "elsewhere");
    Event second = emit(A);
    Event third = say(A, "third");

    assertThat(first.prev()).isEqualTo(ZERO);
    assertThat(elsewhere.prev()).isEqualTo(ZERO);
    assertThat(second.prev()).isEqualTo(first.id());
    assertThat(third.prev()).isEqualTo(second.id());
  }

  @Test
  default void changes_are_made_with_the_event() {
    append(appEvent(A, "set").changing(List.of(set("settings", "{}"), set("member:u1", "1"))));
    append(
        appEvent(A, "unset").changing(List.of(unset("member:u1"), set("settings", "{\"x\":1}"))));

    assertThat(state(A)).isEqualTo(Map.of("settings", "{\"x\":1}"));
    assertThat(state(B)).isEmpty();
  }

  @Test
  default void an_append_goes_through_while_what_it_expects_holds() {
    append(appEvent(A, "set").changing(List.of(set("settings", "{}"), set("member:u2", ""))));

    AppendResult result =
        append(
            message(A, "x")
                .expecting(
                    List.of(
                        expect("settings", "{}"), expectNone("ban:u1"), expect("member:u2", ""))));

    assertThat(result).isInstanceOf(AppendResult.Appended.class);
  }

  @Test
  default void a_stale_append_is_told_what_stands_there_now() {
    append(appEvent(A, "set").changing(List.of(set("settings", "new"), set("other", "o"))));

    AppendResult result =
        append(
            message(A, "x")
                .expecting(
                    List.of(
                        expectNone("ban:u1"),
                        expect("settings", "old"),
                        expect("member:u1", "m"))));

    assertThat(stale(result)).isEqualTo(Map.of("settings", "new"));
  }

  @Test
  default void an_absent_field_and_an_empty_one_are_not_the_same() {
    append(appEvent(A, "set").changing(List.of(set("empty", ""))));

    assertThat(stale(append(message(A, "x").expecting(List.of(expectNone("empty"))))))
        .isEqualTo(Map.of("empty", ""));
    assertThat(stale(append(message(A, "x").expecting(List.of(expect("absent", "")))))).isEmpty();
  }

  @Test
  default void a_refused_append_leaves_nothing_behind() {
    Event event = appended(appEvent(A, "set").changing(List.of(set("settings", "new"))));
    LogPage before = page(ZERO);
    Append refused =
        message(A, "refused")
            .under(key("k", "hash"))
            .expecting(List.of(expect("settings", "old")))
            .changing(List.of(set("settings", "refused"), set("more", "x")));

    AppendResult result = append(refused);

    assertThat(stale(result)).isEqualTo(Map.of("settings", "new"));
    assertThat(page(ZERO)).isEqualTo(before);
    assertThat(state(A)).isEqualTo(Map.of("settings", "new"));
    assertThat(await(log().heads(List.of(A)))).isEqualTo(Map.of(A, event.id()));
    assertThat(await(log().history(A, HistoryQuery.latest(1))).messages()).isEmpty();
    // Its key is not used up either, and no number is.
    Event again = appended(message(A, "again").under(key("k", "other")));
    assertThat(again.number()).isEqualTo(1);
    assertThat(again.prev()).isEqualTo(event.id());
  }

  @Test
  default void of_two_that_expect_the_same_one_wins() {
    List<CompletionStage<AppendResult>> asked =
        IntStream.range(0, 20)
            .mapToObj(i ->
                log()
                    .append(
                        appEvent(A, "claim")
                            .expecting(List.of(expectNone("owner")))
                            .changing(List.of(set("owner", "u" + i))),
                        ZERO))
            .toList();
    Map<Boolean, List<AppendResult>> byOutcome =
        asked.stream()
            .map(this::await)
            .collect(Collectors.partitioningBy(AppendResult.Appended.class::isInstance));

    assertThat(byOutcome.get(true)).hasSize(1);
    assertThat(byOutcome.get(false))
        .hasSize(19)
        .allSatisfy(
            lost -> assertThat(stale(lost)).isEqualTo(Map.of("owner", state(A).get("owner"))));
  }

  /** What it was told, of the room's state, by name. */
  private static Map<String, String> stale(AppendResult result) {
    assertThat(result).isInstanceOf(AppendResult.Stale.class);
    return ((AppendResult.Stale) result)
        .current().entrySet().stream()
            .peek(one -> assertThat(one.getKey().place()).isEqualTo(new Place.State()))
            .collect(Collectors.toMap(one -> one.getKey().name(), Map.Entry::getValue));
  }

  /** Of the fields that these tests use. */
  private Map<String, String> state(RoomId room) {
    List<Field> fields =
        Stream.of("settings", "member:u1", "more", "owner").map(Field::state).toList();
    return await(log().view(room, fields, List.of())).fields().entrySet().stream()
        .collect(Collectors.toMap(one -> one.getKey().name(), Map.Entry::getValue));
  }

  private static Change set(String field, String value) {
    return new Change.Set(Field.state(field), value);
  }

  private static Change unset(String field) {
    return new Change.Remove(Field.state(field));
  }

  private static Expectation expect(String field, String value) {
    return Expectation.of(Field.state(field), value);
  }

  private static Expectation expectNone(String field) {
    return Expectation.absent(Field.state(field));
  }
}
