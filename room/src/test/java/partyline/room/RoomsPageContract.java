package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import partyline.room.RoomsPage.Hole;

/** Pages of some rooms say how far they are complete, and where there are holes. */
public interface RoomsPageContract extends ContractedLog {

  @Test
  default void rooms_are_merged_by_id_and_a_room_that_was_cut_off_holds_the_others_back() {
    // The worked example: a (5, 7, 9) and b (6, 20), asked after 4, limit 2.
    Event four = say(new RoomId("c"), "4");
    Event five = say(A, "5");
    Event six = say(B, "6");
    Event seven = emit(A);
    Event nine = say(A, "9");
    Event twenty = say(B, "20");

    RoomsPage first = await(log().rooms(List.of(A, B), four.id(), 2));
    RoomsPage second = await(log().rooms(List.of(A, B), first.complete(), 2));

    assertThat(first.events()).containsExactly(five, six, seven);
    assertThat(first.complete()).isEqualTo(seven.id());
    assertThat(first.last()).isEqualTo(twenty.id());
    assertThat(first.more()).isTrue();
    assertThat(second.events()).containsExactly(nine, twenty);
    assertThat(second.complete()).isEqualTo(twenty.id());
    assertThat(second.more()).isFalse();
  }

  @Test
  default void a_room_read_to_its_end_within_the_limit_is_not_cut_off() {
    Event first = say(A, "1");
    Event second = say(A, "2");
    Event elsewhere = say(B, "x");

    RoomsPage page = await(log().rooms(List.of(A), ZERO, 2));

    assertThat(page.events()).containsExactly(first, second);
    assertThat(page.complete()).isEqualTo(elsewhere.id());
    assertThat(page.more()).isFalse();
  }

  @Test
  default void pages_after_complete_tell_every_event_once_and_in_order() {
    List<RoomId> rooms = IntStream.range(0, 7).mapToObj(i -> new RoomId("r" + i)).toList();
    var all = new ArrayList<Event>();
    for (int i = 0; i < 120; i++) {
      all.add(say(rooms.get((i * i + i / 7) % 7), "x"));
      say(A, "not asked for");
    }
    var told = new ArrayList<Event>();
    EventId after = ZERO;
    RoomsPage page;
    do {
      page = await(log().rooms(rooms, after, 3));
      EventId from = after;
      EventId complete = page.complete();
      assertThat(page.events())
          .allSatisfy(event -> assertThat(event.id()).isGreaterThan(from))
          .allSatisfy(event -> assertThat(event.id()).isLessThanOrEqualTo(complete));
      assertThat(complete).isGreaterThan(from);
      told.addAll(page.events());
      after = complete;
    } while (page.more());

    assertThat(told).isEqualTo(all);
  }

  @Test
  default void rooms_that_nobody_ever_wrote_to_are_complete_and_empty() {
    Event elsewhere = say(A, "x");

    RoomsPage page = resume(List.of(B, RoomId.inboxOf(ADA)), ZERO);

    assertThat(page.events()).isEmpty();
    assertThat(page.holes()).isEmpty();
    assertThat(page.complete()).isEqualTo(elsewhere.id());
    assertThat(resume(List.of(B), elsewhere.id()).holes()).isEmpty();
    assertThat(resume(List.of(), ZERO).events()).isEmpty();
  }

  @Test
  default void a_cursor_above_the_log_reads_nothing() {
    Event event = say(A, "x");
    var above = new EventId(event.id().ms() + 1_000, 0);

    RoomsPage page = resume(List.of(A), above);

    assertThat(page.events()).isEmpty();
    assertThat(page.holes()).isEmpty();
    assertThat(page.complete()).isEqualTo(event.id());
  }

  @Test
  default void a_room_has_a_hole_for_cursors_below_prev_of_its_first_event() {
    Event one = say(A, "1");
    Event two = say(A, "2");
    Event three = say(A, "3");
    Event four = say(A, "4");
    trimResume(A, 2);

    assertThat(resume(List.of(A), one.id()).holes()).isEqualTo(Map.of(A, trimmed(two, three)));
    assertThat(resume(List.of(A), one.id()).events()).containsExactly(three, four);
    assertThat(resume(List.of(A), two.id()).holes()).isEmpty();
    assertThat(resume(List.of(A), two.id()).events()).containsExactly(three, four);
    assertThat(resume(List.of(A), three.id()).events()).containsExactly(four);
  }

  @Test
  default void a_room_of_which_nothing_is_left_has_a_hole_for_cursors_below_its_head() {
    Event one = say(A, "1");
    Event two = say(A, "2");
    trimResume(A, 0);

    assertThat(resume(List.of(A), one.id()).holes())
        .isEqualTo(Map.of(A, new Hole(Hole.Why.TRIMMED, two.id(), ZERO)));
    assertThat(resume(List.of(A), two.id()).holes()).isEmpty();
    assertThat(resume(List.of(A), two.id()).events()).isEmpty();
  }

  @Test
  default void a_room_whose_head_is_not_above_the_cursor_is_never_trimmed_however_old_that_is() {
    Event old = say(A, "old");
    IntStream.range(0, 20).forEach(i -> say(B, "x"));
    trimResume(A, 0);
    trimLog(1);

    assertThat(resume(List.of(A), old.id()).holes()).isEmpty();
  }

  @Test
  default void whoever_asks_for_the_oldest_gets_all_that_is_retained() {
    Event one = say(A, "1");
    Event two = say(A, "2");
    Event other = say(B, "x");
    trimResume(A, 1);
    trimResume(B, 0);

    RoomsPage page = resume(List.of(A, B), ZERO);

    assertThat(page.events()).containsExactly(two);
    assertThat(page.more()).isFalse();
    assertThat(page.holes())
        .isEqualTo(Map.of(A, trimmed(one, two), B, new Hole(Hole.Why.TRIMMED, other.id(), ZERO)));
  }

  @Test
  default void a_hole_is_found_from_every_cursor_below_its_end_and_from_none_behind_it() {
    Event one = say(A, "1");
    Event before = say(B, "1");
    Event gone = say(A, "2");
    Event between = say(B, "2");
    Event oldest = say(A, "3");
    Event last = say(B, "3");
    trimResume(A, 1);
    List<RoomId> rooms = List.of(A, B);
    Map<RoomId, Hole> hole = Map.of(A, trimmed(gone, oldest));

    assertThat(resume(rooms, one.id()).holes()).isEqualTo(hole);
    assertThat(resume(rooms, before.id()).holes()).isEqualTo(hole);
    assertThat(resume(rooms, gone.id()).holes()).isEmpty();
    assertThat(resume(rooms, one.id()).events()).containsExactly(before, between, oldest, last);
    assertThat(resume(rooms, gone.id()).events()).containsExactly(between, oldest, last);
    RoomsPage part = await(log().rooms(rooms, one.id(), 1));
    assertThat(part.events()).containsExactly(before);
    assertThat(part.complete()).isEqualTo(before.id());
    assertThat(part.holes()).isEqualTo(hole);
  }

  @Test
  default void a_thousand_events_of_a_room_are_no_hole() {
    Event first = say(B, "x");
    List<EventId> all = many(List.of(A), Limits.RESUME_EVENTS_PER_ROOM);

    assertThat(resume(List.of(A, B), first.id()).holes()).isEmpty();
    assertThat(toldByPages(List.of(A, B), resume(List.of(A, B), first.id()))).isEqualTo(all);
  }

  @Test
  default void a_hole_that_erasing_left_is_no_trim_of_a_room() {
    Event one = say(A, "1");
    Event two = say(A, "2");
    Event three = say(A, "3");
    erase(A, two.id());

    RoomsPage page = resume(List.of(A), one.id());

    assertThat(page.holes()).isEmpty();
    assertThat(page.events()).containsExactly(three);
    assertThat(three.prev()).isEqualTo(two.id());
  }

  @Test
  default void an_erased_last_event_is_no_trim_while_an_older_one_is_left() {
    Event one = say(A, "1");
    Event two = say(A, "2");
    erase(A, two.id());

    assertThat(resume(List.of(A), one.id()).holes()).isEmpty();
    assertThat(resume(List.of(A), one.id()).events()).isEmpty();
    assertThat(resume(List.of(A), one.id()).more()).isFalse();
  }

  @Test
  default void heads_are_the_last_ids() {
    say(A, "1");
    Event last = emit(A);

    assertThat(await(log().heads(List.of(A, B)))).isEqualTo(Map.of(A, last.id(), B, ZERO));
    erase(A, last.id());
    trimResume(A, 0);
    assertThat(await(log().heads(List.of(A)))).isEqualTo(Map.of(A, last.id()));
    assertThat(await(log().heads(List.of()))).isEmpty();
  }

  @Test
  default void back_is_the_id_after_which_so_many_events_lie() {
    Event one = say(A, "1");
    Event two = say(B, "2");
    Event three = emit(A);
    say(new RoomId("c"), "not asked for");
    Event four = say(A, "4");
    List<RoomId> rooms = List.of(A, B);

    assertThat(resume(rooms, await(log().back(rooms, 1))).events()).containsExactly(four);
    assertThat(resume(rooms, await(log().back(rooms, 2))).events()).containsExactly(three, four);
    assertThat(resume(rooms, await(log().back(rooms, 3))).events())
        .containsExactly(two, three, four);
    assertThat(resume(rooms, await(log().back(rooms, 4))).events())
        .containsExactly(one, two, three, four);
    assertThat(await(log().back(rooms, 3))).isEqualTo(one.id());
  }

  @Test
  default void back_beyond_the_oldest_is_the_oldest() {
    say(A, "1");
    Event two = say(A, "2");
    trimResume(A, 1);

    assertThat(await(log().back(List.of(A), 1))).isEqualTo(ZERO);
    assertThat(await(log().back(List.of(A), 100))).isEqualTo(ZERO);
    assertThat(resume(List.of(A), ZERO).events()).containsExactly(two);
    assertThat(await(log().back(List.of(B), 1))).isEqualTo(ZERO);
  }

  @Test
  default void back_counts_right_when_one_room_holds_nearly_all() {
    List<RoomId> rooms = IntStream.range(0, 10).mapToObj(i -> new RoomId("r" + i)).toList();
    var all = new ArrayList<Event>();
    rooms.forEach(room -> all.add(say(room, "early")));
    IntStream.range(0, 60).forEach(i -> all.add(say(rooms.getFirst(), "busy")));
    rooms.forEach(room -> all.add(say(room, "late")));

    for (int count : List.of(1, 9, 10, 11, 40, 69, 70, 71, 79)) {
      EventId after = await(log().back(rooms, count));
      assertThat(resume(rooms, after).events())
          .isEqualTo(all.subList(all.size() - count, all.size()));
    }
  }

  @Test
  default void a_page_of_many_busy_rooms_holds_some_of_each_and_says_where_it_was_cut_off() {
    List<RoomId> rooms = IntStream.range(0, 6).mapToObj(i -> new RoomId("r" + i)).toList();
    List<EventId> all = many(rooms, 800);

    RoomsPage page = resume(rooms, ZERO);

    assertThat(page.events()).isNotEmpty().hasSizeLessThanOrEqualTo(Limits.ROOMS_PAGE_EVENTS);
    assertThat(page.more()).isTrue();
    assertThat(toldByPages(rooms, page)).isEqualTo(all);
  }

  @Test
  default void a_page_of_the_longest_events_of_some_rooms_ends_earlier() {
    List<EventId> all = new ArrayList<>(manyLong(A, 200));
    all.addAll(manyLong(B, 200));

    RoomsPage page = resume(List.of(A, B), ZERO);

    assertThat(page.more()).isTrue();
    assertThat(page.events().stream().mapToInt(event -> event.data().length()).sum())
        .isLessThan(2 * Limits.PAGE_BYTES);
    assertThat(toldByPages(List.of(A, B), page)).isEqualTo(all);
  }

  private static Hole trimmed(Event through, Event oldest) {
    return new Hole(Hole.Why.TRIMMED, through.id(), oldest.id());
  }

  private List<EventId> many(List<RoomId> rooms, int each) {
    return IntStream.range(0, rooms.size() * each)
        .mapToObj(i -> log().append(appEvent(rooms.get(i % rooms.size()), "x"), ZERO))
        .toList()
        .stream()
        .map(one -> ((AppendResult.Appended) await(one)).event().id())
        .toList();
  }

  private List<EventId> toldByPages(List<RoomId> rooms, RoomsPage first) {
    var told = new ArrayList<EventId>();
    RoomsPage page = first;
    page.events().forEach(event -> told.add(event.id()));
    while (page.more()) {
      EventId from = page.complete();
      page = resume(rooms, from);
      assertThat(page.complete()).isGreaterThan(from);
      page.events().forEach(event -> told.add(event.id()));
    }
    return told;
  }
}
