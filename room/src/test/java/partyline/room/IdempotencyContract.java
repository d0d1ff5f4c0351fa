package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import partyline.room.Append.Idempotency;

/** The same room, sender and key within 60 minutes: one event. */
public interface IdempotencyContract extends ContractedLog {

  @Test
  default void a_retry_is_answered_with_the_event_it_repeats() {
    Append sent = message(A, "once").under(key("k", "hash"));
    Event event = appended(sent);
    say(A, "meanwhile");

    assertThat(append(sent)).isEqualTo(duplicateOf(event));
    assertThat(append(sent)).isEqualTo(duplicateOf(event));
    assertThat(eventsInLog()).hasSize(2);
  }

  @Test
  default void of_many_at_once_under_one_key_one_makes_the_event() {
    Append sent = message(A, "once").under(key("k", "hash"));
    List<CompletionStage<AppendResult>> asked =
        IntStream.range(0, 20).mapToObj(i -> log().append(sent, ZERO)).toList();
    List<AppendResult> results = asked.stream().map(this::await).toList();

    Event event = eventsInLog().getFirst();
    assertThat(eventsInLog()).hasSize(1);
    assertThat(results).containsOnlyOnce(new AppendResult.Appended(event));
    assertThat(results.stream().filter(duplicateOf(event)::equals)).hasSize(19);
  }

  @Test
  default void a_retry_is_a_duplicate_even_if_its_expectations_no_longer_hold() {
    Append sent =
        message(A, "once")
            .under(key("k", "hash"))
            .expecting(List.of(Expectation.absent(Field.state("ban:u1"))));
    Event event = appended(sent);
    append(appEvent(A, "ban").changing(List.of(new Change.Set(Field.state("ban:u1"), "1"))));

    assertThat(append(sent)).isEqualTo(duplicateOf(event));
  }

  @Test
  default void a_duplicate_changes_nothing() {
    Append sent =
        message(A, "once")
            .under(key("k", "hash"))
            .changing(List.of(new Change.Set(Field.state("f"), "1")));
    append(sent);
    append(appEvent(A, "set").changing(List.of(new Change.Set(Field.state("f"), "2"))));

    append(sent);

    assertThat(await(log().view(A, List.of(Field.state("f")), List.of())).field(Field.state("f")))
        .contains("2");
  }

  @Test
  default void another_body_under_the_same_key_is_a_conflict_and_writes_nothing() {
    Event event = appended(message(A, "one").under(key("k", "hash")));

    AppendResult result = append(message(A, "two").under(key("k", "other hash")));

    assertThat(result).isEqualTo(new AppendResult.Conflict(event.id()));
    assertThat(eventsInLog()).containsExactly(event);
  }

  @Test
  default void a_key_belongs_to_its_room_and_its_sender() {
    appended(message(A, "x").under(key("k", "hash")));

    appended(message(B, "x").under(key("k", "hash")));
    appended(message(A, "x").under(new Idempotency(new UserId("u2"), "k", "hash")));
    appended(message(A, "x").under(key("K", "hash")));
  }

  @Test
  default void keys_and_senders_that_run_together_are_still_told_apart() {
    appended(message(A, "x").under(new Idempotency(new UserId("u:1"), "k", "hash")));

    appended(message(A, "x").under(new Idempotency(new UserId("u"), "1:k", "hash")));
  }

  @Test
  default void an_event_that_is_no_message_has_keys_too() {
    Append sent = appEvent(A, "x").under(key("k", "hash"));
    Event event = appended(sent);

    assertThat(append(sent))
        .isEqualTo(new AppendResult.Duplicate(event.id(), Optional.of(event), Optional.empty()));
  }

  @Test
  default void a_message_that_left_the_log_is_found_in_history() {
    Append sent = message(A, "once").under(key("k", "hash"));
    Event event = appended(sent);
    trimLog(0);
    trimResume(A, 0);

    assertThat(append(sent)).isEqualTo(duplicateOf(event));
  }

  @Test
  default void a_message_that_left_history_is_found_in_the_log() {
    Append sent = message(A, "once").under(key("k", "hash"));
    Event event = appended(sent);
    trimHistory(A, 0);

    assertThat(append(sent)).isEqualTo(duplicateOf(event));
  }

  @Test
  default void a_retry_of_what_was_trimmed_from_both_is_still_a_duplicate() {
    Append sent = message(A, "once").under(key("k", "hash"));
    Event event = appended(sent);
    trimLog(0);
    trimHistory(A, 0);

    assertThat(append(sent))
        .isEqualTo(new AppendResult.Duplicate(event.id(), Optional.empty(), Optional.empty()));
  }

  @Test
  default void a_key_is_remembered_for_60_minutes() {
    Append sent = message(A, "x").under(key("k", "hash"));
    Event first = appended(sent);
    pass(Duration.ofMinutes(59));
    AppendResult within = append(sent);
    pass(Duration.ofMinutes(2));
    AppendResult after = append(sent);

    assertThat(within).isEqualTo(duplicateOf(first));
    assertThat(after).isInstanceOf(AppendResult.Appended.class);
  }

  @Test
  default void a_key_that_was_lost_with_its_event_makes_it_again() {
    say(A, "kept");
    Runnable failover = laggingReplica();
    Append sent = message(A, "lost").under(key("k", "hash"));
    Event lost = appended(sent);
    failover.run();

    Event again = appended(sent);

    assertThat(again.id()).isGreaterThan(lost.id());
    assertThat(again.number()).isEqualTo(2);
  }

  private static AppendResult.Duplicate duplicateOf(Event event) {
    return new AppendResult.Duplicate(
        event.id(), Optional.of(event), Optional.of(event).map(Message::of));
  }
}
