package partyline.worker;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import partyline.room.Claim;
import partyline.room.JobLedger.Outcome;
import partyline.room.Lease;
import partyline.room.LogUnavailable;
import partyline.room.Retention;

final class TrimmingTest {
  private static final Duration LOG = Duration.ofHours(1);
  private static final Duration HISTORY = Duration.ofDays(30);
  private static final Lease LEASE = new Lease("trim", "w1", 1);

  private long nanos = 1_000;
  private final Recorder retention = new Recorder();
  private final Counters counters = new Counters();
  private final Trimming trimming = new Trimming(retention, LOG, HISTORY, () -> nanos, counters);

  TrimmingTest() {
    trimming.begin(new Claim.Claimed(LEASE, Optional.empty(), false));
  }

  @Test
  void a_round_notes_then_trims_the_log_then_the_rooms_and_comes_again_in_a_minute()
      throws InterruptedException {
    Duration rest = round();

    assertThat(retention.calls).containsExactly("note", "log PT1H", "history PT720H after -");
    assertThat(rest).isEqualTo(Duration.ofMinutes(1));
  }

  @Test
  void a_round_that_took_long_is_followed_at_once() throws InterruptedException {
    retention.then = () -> nanos += Duration.ofSeconds(50).toNanos();

    assertThat(round()).isEqualTo(Duration.ZERO);
  }

  @Test
  void the_second_note_says_how_long_ago_the_first_was() throws InterruptedException {
    round();
    nanos += Duration.ofSeconds(61).toNanos();
    round();

    assertThat(retention.since).containsExactly(Optional.empty(), Optional.of(seconds(61)));
  }

  @Test
  void after_a_note_of_unknown_fate_no_minute_is_counted_twice() throws InterruptedException {
    round();
    nanos += seconds(60).toNanos();
    retention.unavailable = true;
    assertThatThrownBy(this::round).isInstanceOf(LogUnavailable.class);
    retention.unavailable = false;
    nanos += seconds(60).toNanos();
    round();

    assertThat(retention.since.getLast()).isEmpty();
  }

  @Test
  void a_new_tenure_can_not_tell_how_long_ago_the_last_note_was() throws InterruptedException {
    round();
    trimming.begin(new Claim.Claimed(LEASE, Optional.empty(), false));
    round();

    assertThat(retention.since.getLast()).isEmpty();
  }

  @Test
  void the_log_is_trimmed_batch_by_batch_until_there_is_no_more() throws InterruptedException {
    retention.logBatches = 3;

    round();

    assertThat(retention.calls.stream().filter(call -> call.startsWith("log"))).hasSize(3);
    assertThat(counters.of(Count.LOG_TRIMMED)).isEqualTo(30);
  }

  @Test
  void a_walk_through_many_rooms_goes_on_in_the_next_minute() throws InterruptedException {
    retention.rooms = 60;

    round();
    String lastOfFirst = lastCall();
    round();

    assertThat(lastOfFirst).isEqualTo("history PT720H after r48");
    assertThat(lastCall()).isEqualTo("history PT720H after r59");
    assertThat(retention.calls.stream().filter(call -> call.startsWith("history")))
        .hasSize(61)
        .doesNotHaveDuplicates();
  }

  @Test
  void a_lost_lease_ends_the_round() throws InterruptedException {
    retention.outcome = Outcome.FENCED;

    assertThat(trimming.turn(LEASE)).isEmpty();
  }

  /** Turns until the next one is to wait; a round without rooms ends with its only walk. */
  private Duration round() throws InterruptedException {
    Duration rest;
    do {
      rest = trimming.turn(LEASE).orElseThrow();
    } while (rest.isZero() && !(retention.rooms == 0 && lastCall().startsWith("history")));
    return rest;
  }

  private String lastCall() {
    return retention.calls.getLast();
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  /** Writes down what it was asked. */
  private static final class Recorder implements Retention {
    final List<String> calls = new ArrayList<>();
    final List<Optional<Duration>> since = new ArrayList<>();
    Outcome outcome = Outcome.DONE;
    boolean unavailable;
    int logBatches = 1;
    int rooms;
    Runnable then = () -> {};

    @Override
    public CompletionStage<Outcome> note(Lease lease, Optional<Duration> gap) {
      then.run();
      if (unavailable) {
        return failedFuture(new LogUnavailable("gone"));
      }
      calls.add("note");
      since.add(gap);
      return completedFuture(outcome);
    }

    @Override
    public CompletionStage<LogTrim> trimLog(Lease lease, Duration age) {
      then.run();
      calls.add("log " + age);
      logBatches--;
      return completedFuture(new LogTrim(outcome, 10, logBatches > 0));
    }

    @Override
    public CompletionStage<HistoryTrim> trimHistory(
        Lease lease, Duration age, Optional<String> after) {
      then.run();
      calls.add("history " + age + " after " + after.orElse("-"));
      int next = after.map(room -> Integer.parseInt(room.substring(1)) + 1).orElse(0);
      return completedFuture(
          new HistoryTrim(outcome, 1, next < rooms ? Optional.of("r" + next) : Optional.empty()));
    }
  }
}
