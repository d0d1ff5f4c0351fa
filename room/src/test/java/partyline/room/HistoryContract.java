package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import partyline.room.HistoryQuery.From;

/** Pages of a room's messages, oldest first, that say where history is gone. */
public interface HistoryContract extends ContractedLog {

  @Test
  default void history_holds_messages_and_nothing_else() {
    Event one = say(A, "1");
    emit(A);
    say(B, "elsewhere");
    Event two = say(A, "2");

    assertThat(history(A, HistoryQuery.latest(10)))
        .isEqualTo(new HistoryPage(asSaid(one, two), false));
    assertThat(history(new RoomId("nobody"), HistoryQuery.latest(10)))
        .isEqualTo(new HistoryPage(List.of(), false));
  }

  @Test
  default void latest_are_the_newest() {
    List<Message> all = ten();

    assertThat(history(A, HistoryQuery.latest(3)).messages()).isEqualTo(all.subList(7, 10));
    assertThat(history(A, HistoryQuery.latest(10)).messages()).isEqualTo(all);
  }

  @Test
  default void before_are_the_last_ones_below_the_id() {
    List<Message> all = ten();

    assertThat(messages(From.BEFORE, all.get(5).id(), 3)).isEqualTo(all.subList(2, 5));
    assertThat(messages(From.BEFORE, all.get(1).id(), 3)).isEqualTo(all.subList(0, 1));
    assertThat(messages(From.BEFORE, all.getFirst().id(), 3)).isEmpty();
    assertThat(messages(From.BEFORE, ZERO, 3)).isEmpty();
    assertThat(messages(From.BEFORE, above(all), 3)).isEqualTo(all.subList(7, 10));
  }

  @Test
  default void after_are_the_first_ones_above_the_id() {
    List<Message> all = ten();

    assertThat(messages(From.AFTER, all.get(5).id(), 3)).isEqualTo(all.subList(6, 9));
    assertThat(messages(From.AFTER, all.get(8).id(), 3)).isEqualTo(all.subList(9, 10));
    assertThat(messages(From.AFTER, all.getLast().id(), 3)).isEmpty();
    assertThat(messages(From.AFTER, ZERO, 3)).isEqualTo(all.subList(0, 3));
  }

  @Test
  default void around_are_half_before_and_half_from_the_id_on() {
    List<Message> all = ten();

    assertThat(messages(From.AROUND, all.get(5).id(), 4)).isEqualTo(all.subList(3, 7));
    assertThat(messages(From.AROUND, all.get(5).id(), 1)).isEqualTo(all.subList(5, 6));
    assertThat(messages(From.AROUND, all.getFirst().id(), 4)).isEqualTo(all.subList(0, 2));
    assertThat(messages(From.AROUND, all.getLast().id(), 4)).isEqualTo(all.subList(7, 10));
    assertThat(messages(From.AROUND, ZERO, 4)).isEqualTo(all.subList(0, 2));
  }

  @Test
  default void an_erased_message_is_left_out() {
    List<Message> all = ten();
    erase(A, all.get(5).id());

    assertThat(messages(From.AROUND, all.get(5).id(), 4))
        .containsExactly(all.get(3), all.get(4), all.get(6), all.get(7));
    assertThat(history(A, HistoryQuery.latest(10)).gap()).isFalse();
  }

  @Test
  default void a_page_has_200_messages_at_most() {
    IntStream.range(0, 205).forEach(i -> say(A, "x"));

    HistoryPage page = history(A, HistoryQuery.latest(Limits.HISTORY_PAGE_MESSAGES));

    assertThat(page.messages()).hasSize(200);
    assertThat(page.messages().getLast().number()).isEqualTo(205);
    assertThat(page.gap()).isFalse();
  }

  @Test
  default void a_page_that_reaches_back_to_where_history_was_trimmed_has_a_gap() {
    List<Message> all = ten();
    trimHistory(A, 4);

    HistoryPage page = history(A, HistoryQuery.latest(10));
    assertThat(page.messages()).isEqualTo(all.subList(6, 10));
    assertThat(page.gap()).isTrue();
    assertThat(gap(From.BEFORE, all.get(8).id(), 5)).isTrue();
    assertThat(gap(From.BEFORE, all.get(6).id(), 5)).isTrue();
    assertThat(gap(From.BEFORE, all.get(3).id(), 5)).isTrue();
    assertThat(gap(From.AFTER, all.get(2).id(), 5)).isTrue();
    assertThat(gap(From.AROUND, all.get(3).id(), 4)).isTrue();
  }

  @Test
  default void a_page_above_the_oldest_retained_message_has_none() {
    List<Message> all = ten();
    trimHistory(A, 4);

    assertThat(history(A, HistoryQuery.latest(3)).gap()).isFalse();
    assertThat(gap(From.BEFORE, all.getLast().id(), 2)).isFalse();
    assertThat(gap(From.AFTER, all.get(6).id(), 5)).isFalse();
    assertThat(gap(From.AFTER, all.getLast().id(), 5)).isFalse();
    assertThat(gap(From.AROUND, all.get(8).id(), 2)).isFalse();
  }

  @Test
  default void a_page_that_reaches_the_first_message_of_all_has_none() {
    List<Message> all = ten();
    trimResume(A, 0);
    trimLog(0);

    assertThat(history(A, HistoryQuery.latest(10)).gap()).isFalse();
    assertThat(gap(From.BEFORE, all.get(3).id(), 10)).isFalse();
    assertThat(gap(From.BEFORE, all.getFirst().id(), 10)).isFalse();
    assertThat(gap(From.AFTER, ZERO, 10)).isFalse();
  }

  @Test
  default void a_history_that_is_all_gone_is_a_gap_for_who_misses_something() {
    List<Message> all = ten();
    trimHistory(A, 0);

    assertThat(history(A, HistoryQuery.latest(10))).isEqualTo(new HistoryPage(List.of(), true));
    assertThat(gap(From.BEFORE, all.get(3).id(), 10)).isTrue();
    assertThat(gap(From.AFTER, all.get(3).id(), 10)).isTrue();
    assertThat(gap(From.AFTER, all.getLast().id(), 10)).isFalse();
  }

  private List<Message> ten() {
    return asSaid(IntStream.range(0, 10).mapToObj(i -> say(A, "m" + i)).toList());
  }

  private List<Message> messages(From from, EventId id, int limit) {
    return history(A, new HistoryQuery(from, id, limit)).messages();
  }

  private boolean gap(From from, EventId id, int limit) {
    return history(A, new HistoryQuery(from, id, limit)).gap();
  }

  private HistoryPage history(RoomId room, HistoryQuery query) {
    return await(log().history(room, query));
  }

  private static EventId above(List<Message> all) {
    return new EventId(all.getLast().id().ms() + 1_000, 0);
  }
}
