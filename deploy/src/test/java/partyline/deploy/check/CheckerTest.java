package partyline.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;
import static partyline.deploy.check.Scene.id;
import static partyline.deploy.check.Scene.room;
import static partyline.deploy.check.Violation.Kind.ACKED_NOT_KEPT;
import static partyline.deploy.check.Violation.Kind.BROKEN_CHAIN;
import static partyline.deploy.check.Violation.Kind.DIFFERENT;
import static partyline.deploy.check.Violation.Kind.KEPT_TWICE;
import static partyline.deploy.check.Violation.Kind.LOST;
import static partyline.deploy.check.Violation.Kind.NEEDLESS_RESET;
import static partyline.deploy.check.Violation.Kind.NEVER_READY;
import static partyline.deploy.check.Violation.Kind.NOT_TOLD_OF_FORK;
import static partyline.deploy.check.Violation.Kind.OUT_OF_ORDER;
import static partyline.deploy.check.Violation.Kind.PHANTOM;
import static partyline.deploy.check.Violation.Kind.PROTOCOL;
import static partyline.deploy.check.Violation.Kind.REFUSED_BUT_KEPT;
import static partyline.deploy.check.Violation.Kind.STRAY;
import static partyline.deploy.check.Violation.Kind.TWICE;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import partyline.deploy.check.Publication.Outcome;
import partyline.deploy.check.Truth.Entry;
import partyline.room.EventId;

final class CheckerTest {
  private final Scene scene = new Scene();

  /** Rooms a and b, 5 to 9, all acknowledged. */
  private Scene fiveEvents() {
    return scene.logged("a", 5).logged("b", 6).logged("a", 7).logged("b", 8).logged("a", 9);
  }

  // --- What is right ---------------------------------------------------------------------------

  @Test
  void a_client_that_got_everything_over_several_connections_is_clean() {
    fiveEvents().client("ada", "a,b").stream().mark(4).told("a", 5).told("b", 6).stream(6)
        .told("a", 7)
        .mark(7)
        .poll(7)
        .told("b", 8)
        .mark(8)
        .poll(8)
        .mark(8)
        .stream(8)
        .told("a", 9)
        .mark(9);

    Verdict verdict = scene.verdict();

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.tally().acked()).isEqualTo(5);
    assertThat(verdict.tally().logged()).isEqualTo(5);
    assertThat(verdict.tally().told()).isEqualTo(5);
    assertThat(verdict.tally().reconnects()).isEqualTo(2);
    assertThat(verdict.tally().resets()).isEmpty();
  }

  @Test
  void a_client_owes_nothing_before_it_was_ready_nor_of_other_rooms() {
    fiveEvents().client("ada", "a").stream().mark(6).told("a", 7, 9);

    assertClean();
  }

  @Test
  void an_event_that_is_told_before_ready_is_where_a_client_starts() {
    fiveEvents().client("ada", "a").stream().told("a", 7).told("a", 9);

    assertClean();
  }

  @Test
  void a_client_that_was_taken_away_owes_nothing_more() {
    fiveEvents().client("ada", "a").stream().mark(4).told("a", 5).gaveUp();

    assertClean();
  }

  @Test
  void an_unanswered_message_may_be_in_the_log_or_not() {
    scene
        .kept("a", 5, "k5")
        .published("a", "k5", new Outcome.Unknown())
        .published("a", "k6", new Outcome.Unknown())
        .published("a", "k7", new Outcome.Refused(422));

    assertClean();
  }

  @Test
  void a_log_that_is_known_in_part_is_judged_in_part() {
    scene.knownAfter(7).logged("b", 8).logged("a", 9).acked("a", 5);
    scene.client("ada", "a,b").stream(3).told("a", 5).told("b", 8).told("a", 9);

    assertClean();
  }

  // --- Publishers and the log ------------------------------------------------------------------

  @Test
  void an_acknowledged_message_that_is_not_in_the_log_is_found() {
    fiveEvents().acked("a", 10).acked("a", 11);

    assertFound(ACKED_NOT_KEPT, "publishers", 10, 11);
  }

  @Test
  void an_acknowledged_message_under_another_id_is_found() {
    scene.kept("a", 6, "k5").acked("a", 5);

    assertFound(ACKED_NOT_KEPT, "publishers", 5);
  }

  @Test
  void an_acknowledged_message_in_another_room_is_found() {
    scene.kept("b", 5, "k5").acked("a", 5);

    assertFound(ACKED_NOT_KEPT, "publishers", 5);
  }

  @Test
  void what_an_epoch_cut_off_is_forgotten_not_a_violation() {
    fiveEvents().acked("a", 10).epoch(9, 20).logged("b", 21);

    assertThat(scene.verdict().violations()).isEmpty();
    assertThat(scene.verdict().tally().forgotten()).isEqualTo(1);
    assertThat(scene.verdict().tally().epochs()).isEqualTo(2);
  }

  @Test
  void what_survived_an_epoch_must_be_there() {
    scene.logged("a", 5).acked("a", 6).logged("a", 7).epoch(7, 20).acked("a", 21);

    assertFound(ACKED_NOT_KEPT, "publishers", 6, 21);
  }

  @Test
  void a_refused_message_in_the_log_is_found() {
    scene.kept("a", 5, "k5").published("a", "k5", new Outcome.Refused(403));

    assertFound(REFUSED_BUT_KEPT, "publishers", 5);
  }

  @Test
  void a_key_twice_in_the_log_is_found() {
    scene.logged("a", 5).kept("a", 6, "k5");

    assertThat(scene.verdict().violations())
        .anySatisfy(found -> {
          assertThat(found.kind()).isEqualTo(KEPT_TWICE);
          assertThat(found.ids()).containsExactly(id(5), id(6));
          assertThat(found.detail()).contains("k5");
        });
  }

  @Test
  void the_same_key_in_two_rooms_or_of_two_senders_or_none_at_all_is_no_repeat() {
    scene
        .kept("a", 5, "k")
        .kept("b", 6, "k")
        .kept(new Entry(id(7), room("a"), "bob", "k", id(5), 2))
        .kept("a", 8, "")
        .kept("a", 9, "");

    assertClean();
  }

  @Test
  void a_room_whose_events_do_not_name_each_other_is_found() {
    scene.logged("a", 5).kept(new Entry(id(7), room("a"), "ada", "k7", id(6), 2));

    assertFound(BROKEN_CHAIN, "log", 5, 7);
  }

  @Test
  void a_number_that_was_left_out_or_used_again_is_found() {
    scene.logged("a", 5).kept(new Entry(id(7), room("a"), "ada", "k7", id(5), 3));

    assertFound(BROKEN_CHAIN, "log", 7);
  }

  @Test
  void an_event_without_a_number_is_skipped_in_the_count() {
    scene
        .logged("a", 5)
        .kept(new Entry(id(6), room("a"), "ada", "", id(5), 0))
        .kept(new Entry(id(7), room("a"), "ada", "", id(6), 2));

    assertClean();
  }

  @Test
  void a_log_whose_ids_do_not_rise_is_found() {
    scene.logged("a", 7).logged("b", 6);

    assertFound(BROKEN_CHAIN, "log", 6);
  }

  // --- What a client was told ------------------------------------------------------------------

  @Test
  void a_lost_event_is_found_wherever_it_is() {
    fiveEvents();
    scene.client("first", "a,b").stream(4).told("b", 6).told("a", 7).told("b", 8).told("a", 9);
    scene.client("between", "a,b").stream(4).told("a", 5).told("b", 6).stream(6)
        .told("b", 8)
        .told("a", 9);
    scene.client("last", "a,b").stream(4).told("a", 5).told("b", 6).told("a", 7).told("b", 8);
    scene.client("none", "a,b").stream(4).mark(9);

    assertThat(scene.verdict().violations())
        .extracting(Violation::kind, Violation::who, Violation::ids)
        .containsExactly(
            tuple(LOST, "first", List.of(id(5))),
            tuple(LOST, "between", List.of(id(7))),
            tuple(LOST, "last", List.of(id(9))),
            tuple(LOST, "none", List.of(id(5), id(6), id(7), id(8), id(9))));
  }

  @Test
  void a_lost_event_names_the_connection_that_passed_it_by() {
    fiveEvents().client("ada", "a").stream(4).told("a", 5).poll(5).told("a", 9).mark(9);

    assertThat(scene.verdict().violations().getFirst().detail())
        .contains("connection 2", "POLL", "from 5-0");
  }

  @Test
  void an_event_that_comes_again_after_a_reconnect_is_found() {
    fiveEvents().client("ada", "a").stream(4).told("a", 5, 7).stream(5).told("a", 7, 9);

    assertFound(TWICE, "ada", 7);
    assertThat(scene.verdict(new Checker(false)).violations()).isEmpty();
    assertThat(scene.verdict(new Checker(false)).tally().repeats()).isEqualTo(1);
  }

  @Test
  void an_event_that_comes_again_on_one_connection_is_found() {
    fiveEvents().client("ada", "a").stream(4).told("a", 5, 7, 7, 9);

    assertThat(scene.verdict().violations())
        .extracting(Violation::kind)
        .containsExactlyInAnyOrder(OUT_OF_ORDER, TWICE);
    assertThat(scene.verdict(new Checker(false)).violations())
        .extracting(Violation::kind)
        .containsExactly(OUT_OF_ORDER);
  }

  @Test
  void an_event_that_comes_too_late_is_found() {
    fiveEvents().client("ada", "a,b").stream(4)
        .told("b", 6)
        .told("a", 5, 7)
        .told("b", 8)
        .told("a", 9);

    assertFound(OUT_OF_ORDER, "ada", 5);
  }

  @Test
  void an_event_at_or_below_the_cursor_it_was_asked_from_is_found() {
    fiveEvents().client("ada", "a").stream(7).told("a", 7, 9);

    assertFound(OUT_OF_ORDER, "ada", 7);
  }

  @Test
  void an_event_that_comes_after_a_mark_above_it_is_found() {
    fiveEvents().client("ada", "a").stream(4).told("a", 5).mark(8).told("a", 7, 9);

    assertFound(OUT_OF_ORDER, "ada", 7);
  }

  @Test
  void a_mark_below_what_was_told_is_found() {
    fiveEvents().client("ada", "a").stream(4).told("a", 5, 7).mark(6).told("a", 9);

    assertFound(OUT_OF_ORDER, "ada", 6);
  }

  @Test
  void an_event_of_another_room_is_found() {
    fiveEvents().client("ada", "a").stream(4).told("a", 5).told("b", 6).told("a", 7, 9);

    assertFound(STRAY, "ada", 6);
  }

  @Test
  void an_id_with_another_content_than_in_the_log_is_found() {
    scene.kept("a", 5, "other").client("ada", "a,b").stream(4).told("a", 5);
    scene.client("bob", "a,b").stream(4).told("b", 5);

    assertThat(scene.verdict().violations())
        .extracting(Violation::kind)
        .containsExactly(DIFFERENT, DIFFERENT);
  }

  @Test
  void an_event_that_is_not_in_the_log_is_found() {
    fiveEvents().client("ada", "a").stream(8).told("a", 9, 10);

    assertFound(PHANTOM, "ada", 10);
  }

  @Test
  void two_clients_that_disagree_on_an_event_that_vanished_are_found() {
    fiveEvents().epoch(9, 20);
    scene.client("ada", "a,b").stream(9).told("a", 10).reset("a,b", "epoch", 20);
    scene.client("bob", "a,b").stream(9).told("b", 10).reset("a,b", "epoch", 20);

    assertFound(DIFFERENT, "bob", 10);
  }

  @Test
  void a_client_that_never_learned_where_it_stands_is_found() {
    fiveEvents().client("ada", "a").stream();

    assertFound(NEVER_READY, "ada");
  }

  @Test
  void a_broken_protocol_is_found_with_its_sentence() {
    fiveEvents().client("ada", "a").stream(9).broke("a field named nonsense");

    assertFound(PROTOCOL, "ada");
    assertThat(scene.verdict().toString()).contains("a field named nonsense", "gateway-1");
  }

  // --- Resets ----------------------------------------------------------------------------------

  @Test
  void a_reset_covers_the_hole_of_its_rooms() {
    fiveEvents().client("ada", "a,b").stream(4)
        .told("b", 6, 8)
        .reset("a", "trimmed", 8)
        .mark(8)
        .told("a", 9);

    assertClean();
    assertThat(scene.verdict().tally().resets()).containsExactly(entry("trimmed", 1));
  }

  @Test
  void a_reset_does_not_cover_other_rooms() {
    fiveEvents().client("ada", "a,b").stream(4)
        .told("b", 6)
        .reset("a", "trimmed", 8)
        .mark(8)
        .told("a", 9);

    assertFound(LOST, "ada", 8);
  }

  @Test
  void a_reset_does_not_cover_what_comes_after_it() {
    fiveEvents().client("ada", "a,b").stream(4).told("b", 6, 8).reset("a", "trimmed", 8).mark(9);

    assertFound(LOST, "ada", 9);
  }

  @Test
  void a_reset_does_not_cover_what_came_before_the_hole() {
    fiveEvents().client("ada", "a").stream(4).told("a", 7).reset("a", "too_many", 9);

    assertFound(LOST, "ada", 5);
  }

  @Test
  void a_reset_on_a_live_stream_does_not_cover_what_was_lost_before_ready() {
    fiveEvents().client("ada", "a").stream(4).mark(6).reset("a", "trimmed", 9);

    assertFound(LOST, "ada", 5);
  }

  @Test
  void a_poll_that_is_reset_goes_on_at_its_mark() {
    fiveEvents()
        .client("ada", "a,b")
        .poll(4)
        .told("b", 6, 8)
        .reset("a", "trimmed")
        .mark(8)
        .poll(8)
        .told("a", 9)
        .mark(9);

    assertClean();
  }

  @Test
  void a_refused_cursor_takes_a_client_back_and_lets_it_hear_again() {
    fiveEvents().client("ada", "a").stream(4).told("a", 5, 7).stream(99)
        .reset("a", "cursor", 6)
        .mark(6)
        .told("a", 7, 9);

    assertClean();
    assertThat(scene.verdict().tally().repeats()).isZero();
  }

  @Test
  void a_poll_whose_cursor_is_refused_starts_anew_where_it_is_told() {
    fiveEvents()
        .client("ada", "a")
        .poll(4)
        .told("a", 5)
        .mark(5)
        .poll(5)
        .reset("a", "cursor")
        .poll()
        .mark(8)
        .poll(8)
        .told("a", 9)
        .mark(9);

    assertClean();
  }

  @Test
  void a_client_beyond_a_fork_must_be_reset() {
    fiveEvents().epoch(8, 20).logged("a", 21);
    scene.client("told", "a").stream(7).told("a", 9).reset("a", "epoch", 20).told("a", 21);
    scene.client("live", "a").stream(8).told("a", 9, 21);
    scene.client("resumed", "a").stream(8).told("a", 9).stream(9).told("a", 21);
    scene.client("marked", "a").poll(8).told("a", 9).mark(9).poll(9).told("a", 21).mark(21);
    scene.client("stuck", "a").stream(8).told("a", 9).mark(10);

    assertThat(scene.verdict().violations())
        .filteredOn(found -> found.kind() == NOT_TOLD_OF_FORK)
        .extracting(Violation::who)
        .containsExactly("live", "resumed", "marked", "stuck");
  }

  @Test
  void a_client_beyond_a_fork_must_be_reset_in_all_its_rooms() {
    fiveEvents().epoch(9, 20);
    scene.client("ada", "a,b").stream(9).told("a", 10).reset("a", "epoch", 20);

    assertFound(NOT_TOLD_OF_FORK, "ada", 10);
  }

  @Test
  void a_client_whose_cursor_survived_goes_on_without_a_reset() {
    fiveEvents().epoch(9, 20).logged("a", 21);
    scene.client("quiet", "a").stream(4).told("a", 5, 7, 9, 21);
    scene.client("polls", "a").poll(9).told("a", 21).mark(21);

    assertClean();
  }

  @Test
  void a_needless_reset_is_found() {
    fiveEvents().epoch(9, 20).logged("a", 21);
    scene.client("ada", "a").stream(4).told("a", 5, 7, 9).reset("a", "epoch", 20).told("a", 21);
    scene.client("bob", "a").poll(9).reset("a", "epoch").mark(20).poll(20).told("a", 21).mark(21);

    assertThat(scene.verdict().violations())
        .extracting(Violation::kind, Violation::who)
        .containsExactly(tuple(NEEDLESS_RESET, "ada"), tuple(NEEDLESS_RESET, "bob"));
  }

  @Test
  void a_parked_poll_may_be_told_of_events_and_of_a_fork_at_once() {
    scene.logged("a", 5).epoch(5, 20).logged("a", 21);
    scene
        .client("ada", "a")
        .poll(5)
        .told("a", 9)
        .reset("a", "epoch")
        .mark(20)
        .poll(20)
        .told("a", 21)
        .mark(21);

    assertClean();
  }

  @Test
  void an_epoch_does_not_cover_what_a_live_client_missed_before_it() {
    fiveEvents().epoch(8, 20);
    scene.client("ada", "a,b").stream(4)
        .told("a", 5, 7)
        .told("b", 8)
        .told("a", 9)
        .reset("a,b", "epoch", 20);

    assertFound(LOST, "ada", 6);
  }

  @Test
  void goodbyes_are_counted_by_reason() {
    fiveEvents();
    scene.client("ada", "a").stream(9).bye("drain").stream(9).bye("max_age").stream(9).bye("drain");

    assertThat(scene.verdict().tally().goodbyes())
        .containsExactly(entry("drain", 2), entry("max_age", 1));
  }

  private void assertClean() {
    assertThat(scene.verdict().violations()).isEmpty();
  }

  private void assertFound(Violation.Kind kind, String who, long... ids) {
    assertThat(scene.verdict().violations())
        .singleElement()
        .satisfies(found -> {
          assertThat(found.kind()).isEqualTo(kind);
          assertThat(found.who()).isEqualTo(who);
          assertThat(found.ids())
              .containsExactly(Arrays.stream(ids).mapToObj(Scene::id).toArray(EventId[]::new));
        });
  }
}
