package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pages of the whole log say how far they are complete. */
public interface LogPageContract extends ContractedLog {

  @Test
  default void a_page_holds_what_came_after_an_id_whatever_the_room() {
    Event a = say(A, "a");
    Event b = say(B, "b");
    Event c = emit(A);

    assertThat(page(a.id()).entries()).containsExactly(b, c);
    assertThat(page(b.id()).entries()).containsExactly(c);
    assertThat(page(c.id()).entries()).isEmpty();
    assertThat(page(c.id()).last()).isEqualTo(c.id());
  }

  @Test
  default void an_id_that_was_never_given_out_is_a_place_all_the_same() {
    Event a = say(A, "a");
    Event b = say(A, "b");
    var between = new EventId(b.id().ms(), b.id().seq() - (b.id().seq() > 0 ? 1 : 0));

    assertThat(page(new EventId(a.id().ms() - 1, 5)).entries()).contains(a, b);
    assertThat(page(new EventId(b.id().ms() + 1, 0)).entries()).isEmpty();
    assertThat(page(between).entries()).last().isIn(a, b);
  }

  @Test
  default void pages_say_whether_the_log_goes_on() {
    var all = new ArrayList<LogEntry>();
    Event first = say(A, "first");
    for (int i = 0; i < 9; i++) {
      all.add(i % 2 == 0 ? say(A, "a") : say(B, "b"));
    }
    var read = new ArrayList<LogEntry>();
    EventId after = first.id();
    int pages = 0;
    LogPage page;
    do {
      page = await(log().log(after, ZERO, 3));
      assertThat(page.entries()).isNotEmpty().hasSizeLessThanOrEqualTo(3);
      assertThat(page.last()).isEqualTo(all.getLast().id());
      read.addAll(page.entries());
      after = page.entries().getLast().id();
      pages++;
    } while (page.more());

    assertThat(read).isEqualTo(all);
    assertThat(pages).isEqualTo(3);
  }

  @Test
  default void a_page_knows_the_first_and_the_last_id() {
    LogPage empty = page(ZERO);
    say(A, "a");
    Event b = say(A, "b");
    trimLog(1);
    LogPage trimmed = page(ZERO);
    trimLog(0);
    LogPage nothing = page(ZERO);

    assertThat(empty.first()).isEqualTo(empty.last());
    assertThat(trimmed.first()).isEqualTo(b.id());
    assertThat(trimmed.last()).isEqualTo(b.id());
    assertThat(nothing.first()).isEqualTo(ZERO);
    assertThat(nothing.last()).isEqualTo(b.id());
  }

  @Test
  default void the_last_id_stays_when_its_event_is_erased() {
    say(A, "a");
    Event b = say(A, "b");
    erase(A, b.id());

    assertThat(page(ZERO).last()).isEqualTo(b.id());
    assertThat(page(b.id()).trimmed()).isFalse();
  }

  @Test
  default void a_log_that_was_never_trimmed_is_not_called_trimmed() {
    Event a = say(A, "a");
    say(A, "b");

    assertThat(page(ZERO).trimmed()).isFalse();
    assertThat(page(new EventId(1, 0)).trimmed()).isFalse();
    assertThat(page(a.id()).trimmed()).isFalse();
  }

  @Test
  default void a_page_that_begins_behind_a_trimmed_entry_says_so() {
    Event a = say(A, "a");
    Event b = say(A, "b");
    Event c = say(A, "c");
    trimLog(1);

    assertThat(page(a.id()).trimmed()).isTrue();
    assertThat(page(a.id()).entries()).containsExactly(c);
    assertThat(page(ZERO).trimmed()).isTrue();
    assertThat(page(c.id()).trimmed()).isFalse();
    assertThat(page(b.id()).entries()).containsExactly(c);
  }

  @Test
  default void a_log_that_was_trimmed_to_nothing_says_so_to_all_who_miss_something() {
    Event a = say(A, "a");
    Event b = say(A, "b");
    trimLog(0);

    assertThat(page(a.id()).trimmed()).isTrue();
    assertThat(page(a.id()).more()).isFalse();
    assertThat(page(b.id()).trimmed()).isFalse();
    Event c = say(A, "c");
    assertThat(page(c.id()).trimmed()).isFalse();
    assertThat(page(a.id()).trimmed()).isTrue();
  }

  @Test
  default void a_hole_that_erasing_left_is_no_trim() {
    Event a = say(A, "a");
    Event b = say(A, "b");
    Event c = say(A, "c");
    erase(A, b.id());

    LogPage page = page(a.id());

    assertThat(page.trimmed()).isFalse();
    assertThat(page.entries()).containsExactly(c);
  }

  @Test
  default void a_page_without_more_holds_all_that_was_answered_before_it() {
    Event start = say(A, "start");
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      events.add(say(i % 2 == 0 ? A : B, "x"));
      LogPage page = page(start.id());
      assertThat(page.more()).isFalse();
      assertThat(page.entries()).isEqualTo(events);
      assertThat(page.last()).isEqualTo(events.getLast().id());
    }
  }

  @Test
  default void a_page_of_the_longest_events_ends_earlier() {
    Event start = say(A, "start");
    List<EventId> all = manyLong(A, 400);

    LogPage page = page(start.id());

    assertThat(page.more()).isTrue();
    assertThat(page.entries()).isNotEmpty();
    assertThat(page.last()).isEqualTo(all.getLast());
    // A whole step of reading may come on top.
    assertThat(eventsOf(page).stream().mapToInt(event -> event.data().length()).sum())
        .isLessThan(2 * Limits.PAGE_BYTES);
    var read = new ArrayList<>(page.entries());
    while (page.more()) {
      page = page(read.getLast().id());
      assertThat(page.entries()).isNotEmpty();
      read.addAll(page.entries());
    }
    assertThat(read).extracting(LogEntry::id).isEqualTo(all);
  }
}
