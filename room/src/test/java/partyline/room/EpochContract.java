package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where writes may have been lost, a new epoch says so. */
public interface EpochContract extends ContractedLog {

  @Test
  default void the_first_append_of_all_starts_the_first_epoch() {
    Event event = say(A, "first");

    List<Epoch> epochs = epochs().newest();
    assertThat(epochs).hasSize(1);
    assertThat(epochs.getFirst().branch()).isEqualTo(ZERO);
    assertThat(event.id()).isGreaterThan(epochs.getFirst().start());
    assertThat(page(ZERO).entries()).containsExactly(epochs.getFirst(), event);
  }

  @Test
  default void so_does_the_first_read_of_the_log() {
    LogPage page = page(ZERO);

    assertThat(page.epochs().newest()).hasSize(1);
    assertThat(page.entries()).containsExactlyElementsOf(page.epochs().newest());
    assertThat(page.last()).isEqualTo(page.epochs().newest().getFirst().start());
  }

  @Test
  default void and_the_first_beat() {
    Beat beat = await(log().beat(ZERO));

    assertThat(beat.epochs().newest()).hasSize(1);
    assertThat(beat.last()).isEqualTo(beat.epochs().newest().getFirst().start());
  }

  @Test
  default void reads_of_rooms_write_nothing() {
    resume(List.of(A), ZERO);
    await(log().heads(List.of(A)));
    await(log().snapshot(A, 1, List.of()));
    await(log().history(A, HistoryQuery.latest(1)));
    await(log().back(List.of(A), 1));

    RoomsPage page = resume(List.of(A), ZERO);

    assertThat(page.epochs()).isEqualTo(Epochs.NONE);
    assertThat(page.last()).isEqualTo(ZERO);
    assertThat(page.more()).isFalse();
  }

  @Test
  default void an_epoch_starts_30_s_above_all_there_was() {
    Event before = say(A, "before");
    promote();

    Event after = say(A, "after");

    Epoch epoch = epochs().newest().getLast();
    assertThat(epochs().newest()).hasSize(2);
    assertThat(epoch.branch()).isEqualTo(before.id());
    assertThat(epoch.start().ms())
        .isGreaterThanOrEqualTo(before.id().ms() + Limits.EPOCH_JUMP.toMillis());
    assertThat(after.id()).isGreaterThan(epoch.start());
    assertThat(page(before.id()).entries()).containsExactly(epoch, after);
  }

  @Test
  default void an_epoch_is_no_part_of_a_room() {
    Event before = say(A, "before");
    promote();
    Event after = say(A, "after");

    assertThat(after.prev()).isEqualTo(before.id());
    assertThat(after.number()).isEqualTo(2);
    assertThat(resume(List.of(A), before.id()).events()).containsExactly(after);
    assertThat(resume(List.of(A), before.id()).holes()).isEmpty();
  }

  @Test
  default void one_loss_starts_one_epoch_whoever_notices() {
    Event before = say(A, "before");
    promote();

    page(before.id());
    await(log().beat(before.id()));
    say(A, "after");
    await(log().beat(before.id()));

    assertThat(epochs().newest()).hasSize(2);
  }

  @Test
  default void whoever_has_seen_more_than_the_log_holds_starts_an_epoch_above_it() {
    Event last = say(A, "last");
    var seen = new EventId(last.id().ms() + 3_600_000, 7);

    AppendResult result = await(log().append(message(A, "after"), seen));

    Epoch epoch = epochs().newest().getLast();
    assertThat(epoch.branch()).isEqualTo(last.id());
    assertThat(epoch.start().ms()).isGreaterThanOrEqualTo(seen.ms() + Limits.EPOCH_JUMP.toMillis());
    assertThat(((AppendResult.Appended) result).event().id()).isGreaterThan(epoch.start());
  }

  @Test
  default void a_read_and_a_beat_check_what_was_seen_too() {
    Event last = say(A, "last");
    var seen = new EventId(last.id().ms() + 3_600_000, 0);

    LogPage page = await(log().log(last.id(), seen, 10));
    var more = new EventId(page.last().ms() + 3_600_000, 0);
    Beat beat = await(log().beat(more));

    assertThat(page.entries()).containsExactly(page.epochs().newest().getLast());
    assertThat(page.last()).isGreaterThan(seen);
    assertThat(beat.epochs().newest()).hasSize(3);
    assertThat(beat.last()).isGreaterThan(more);
    assertThat(beat.epochs().newest().getLast().branch()).isEqualTo(page.last());
  }

  @Test
  default void what_was_seen_and_is_there_starts_nothing() {
    Event first = say(A, "first");
    Event last = say(A, "last");

    await(log().append(message(A, "x"), last.id()));
    await(log().append(message(B, "x"), last.id()));
    await(log().log(ZERO, first.id(), 10));
    Beat beat = await(log().beat(last.id()));
    await(log().beat(beat.last()));

    assertThat(epochs().newest()).hasSize(1);
  }

  @Test
  default void what_was_seen_and_then_trimmed_or_erased_starts_nothing() {
    say(A, "first");
    Event last = say(A, "last");
    erase(A, last.id());
    await(log().beat(last.id()));
    trimLog(0);

    await(log().beat(last.id()));
    await(log().log(last.id(), last.id(), 10));
    await(log().append(message(B, "x"), last.id()));

    assertThat(epochs().newest()).hasSize(1);
  }

  @Test
  default void after_a_failover_those_who_saw_lost_events_are_told_and_nobody_else() {
    Event kept = say(A, "kept");
    Runnable failover = laggingReplica();
    Event lost = say(A, "lost");
    Event alsoLost = say(B, "lost");
    failover.run();

    Event after = say(A, "after");

    Epochs epochs = epochs();
    assertThat(epochs.newest().getLast().branch()).isEqualTo(kept.id());
    assertThat(epochs.lost(lost.id())).isTrue();
    assertThat(epochs.lost(alsoLost.id())).isTrue();
    assertThat(epochs.lost(kept.id())).isFalse();
    assertThat(epochs.lost(after.id())).isFalse();
    assertThat(eventsInLog()).containsExactly(kept, after);
    assertThat(after.prev()).isEqualTo(kept.id());
    assertThat(after.number()).isEqualTo(2);
    assertThat(after.id()).isGreaterThan(alsoLost.id());
    assertThat(await(log().heads(List.of(A, B)))).isEqualTo(Map.of(A, after.id(), B, ZERO));
  }

  @Test
  default void an_epoch_that_was_lost_itself_is_not_begun_again() {
    say(A, "kept, and ahead of the clock");
    Runnable failover = laggingReplica();
    promote();
    Event lost = say(A, "lost");
    failover.run();

    Event after = say(A, "after");

    assertThat(after.id()).isGreaterThan(lost.id());
    assertThat(epochs().lost(lost.id())).isTrue();
    assertThat(epochs().lost(after.id())).isFalse();
  }

  @Test
  default void a_failover_that_lost_nothing_resets_nobody() {
    Event before = say(A, "before");
    promote();
    Event after = say(A, "after");

    assertThat(epochs().lost(before.id())).isFalse();
    assertThat(epochs().lost(after.id())).isFalse();
    assertThat(resume(List.of(A), before.id()).events()).containsExactly(after);
  }

  @Test
  default void after_a_wipe_everybody_is_told_and_numbers_begin_again() {
    Event before = say(A, "before");
    wipe();

    Event after =
        ((AppendResult.Appended) await(log().append(message(A, "x"), before.id()))).event();

    assertThat(epochs().newest()).hasSize(1);
    assertThat(epochs().newest().getFirst().branch()).isEqualTo(ZERO);
    assertThat(epochs().lost(before.id())).isTrue();
    assertThat(epochs().lost(after.id())).isFalse();
    assertThat(after.id()).isGreaterThan(before.id());
    assertThat(after.number()).isEqualTo(1);
    assertThat(after.prev()).isEqualTo(ZERO);
    assertThat(eventsInLog()).containsExactly(after);
  }

  @Test
  default void the_newest_50_epochs_are_kept_and_who_is_older_counts_as_lost() {
    Event first = say(A, "first");
    for (int i = 0; i < Limits.EPOCHS_KEPT + 4; i++) {
      promote();
      await(log().beat(ZERO));
    }
    Event last = say(A, "last");

    Epochs epochs = epochs();
    assertThat(epochs.newest()).hasSize(Limits.EPOCHS_KEPT);
    assertThat(epochs.newest()).extracting(Epoch::start).isSorted().doesNotHaveDuplicates();
    assertThat(epochs.lost(first.id())).isTrue();
    assertThat(epochs.lost(epochs.newest().getFirst().start())).isFalse();
    assertThat(epochs.lost(last.id())).isFalse();
    assertThat(resume(List.of(A), ZERO).epochs()).isEqualTo(epochs);
  }
}
