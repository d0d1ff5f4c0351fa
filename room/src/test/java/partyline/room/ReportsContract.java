package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import partyline.room.Reports.Complaint;
import partyline.room.Reports.Filing;
import partyline.room.Reports.Report;
import partyline.room.Reports.State;

/** What is promised of reports. */
public abstract class ReportsContract {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final EventId MESSAGE = new EventId(7, 1);
  private static final UserId MO = new UserId("mo d");

  protected abstract Reports reports();

  @Test
  void who_reports_a_message_again_finds_the_first_report() {
    Report first = filed(MESSAGE, "ada b", Optional.of("rude\nand loud"), true);

    assertThat(first.number()).isEqualTo(1);
    assertThat(first.state()).isEqualTo(State.OPEN);
    assertThat(first.complaint().reason()).contains("rude\nand loud");
    assertThat(filed(MESSAGE, "ada b", Optional.of("again"), false)).isEqualTo(first);
    assertThat(filed(MESSAGE, "bob", Optional.empty(), true).number()).isEqualTo(2);
    assertThat(open(0, 10)).hasSize(2).first().isEqualTo(first);
  }

  @Test
  void open_ones_come_page_by_page_oldest_first_and_each_room_has_its_own() {
    for (int i = 0; i < 5; i++) {
      filed(new EventId(7, i), "ada", Optional.empty(), true);
    }

    assertThat(open(0, 2)).extracting(Report::number).containsExactly(1L, 2L);
    assertThat(open(2, 2)).extracting(Report::number).containsExactly(3L, 4L);
    assertThat(open(4, 2)).extracting(Report::number).containsExactly(5L);
    assertThat(await(reports().list(new RoomId("tea"), true, 0, 2))).isEmpty();
  }

  @Test
  void a_settled_one_is_no_longer_open_and_says_by_whom() {
    filed(MESSAGE, "ada", Optional.empty(), true);

    Report settled = await(reports().settle(LOBBY, 1, State.RESOLVED, MO)).orElseThrow();

    assertThat(settled.state()).isEqualTo(State.RESOLVED);
    assertThat(settled.settled().orElseThrow().by()).isEqualTo(MO);
    assertThat(open(0, 10)).isEmpty();
    assertThat(await(reports().list(LOBBY, false, 0, 10))).containsExactly(settled);
    assertThat(filed(MESSAGE, "ada", Optional.empty(), false)).isEqualTo(settled);
    assertThat(await(reports().settle(LOBBY, 1, State.DISMISSED, MO)).orElseThrow().state())
        .isEqualTo(State.DISMISSED);
    assertThat(await(reports().settle(LOBBY, 2, State.DISMISSED, MO))).isEmpty();
  }

  @Test
  void one_person_does_not_fill_the_queue() {
    for (int i = 0; i < Limits.REPORTS_PER_USER_HOUR; i++) {
      filed(new EventId(7, i), "ada", Optional.empty(), true);
    }

    Filing oneMore = file(new EventId(8, 0), "ada", Optional.empty());

    assertThat(oneMore).isInstanceOf(Filing.Limited.class);
    assertThat(((Filing.Limited) oneMore).retryAfter())
        .isBetween(Duration.ofMinutes(55), Duration.ofHours(1));
    filed(new EventId(8, 0), "bob", Optional.empty(), true);
    filed(new EventId(7, 0), "ada", Optional.empty(), false);
  }

  @Test
  void a_queue_is_full_until_something_of_it_is_settled_and_old_ones_are_forgotten() {
    int most = Limits.REPORTS_OPEN_PER_ROOM;
    for (int i = 0; i < most; i++) {
      filed(MESSAGE, "u" + i, Optional.empty(), true);
    }
    assertThat(file(MESSAGE, "one more", Optional.empty())).isInstanceOf(Filing.Full.class);

    for (int i = 1; i <= Limits.REPORTS_SETTLED_PER_ROOM; i++) {
      assertThat(await(reports().settle(LOBBY, i, State.DISMISSED, MO))).isPresent();
    }
    long last = filed(MESSAGE, "one more", Optional.empty(), true).number();
    assertThat(await(reports().settle(LOBBY, last, State.DISMISSED, MO))).isPresent();

    assertThat(await(reports().settle(LOBBY, 1, State.RESOLVED, MO)))
        .as("the oldest settled one")
        .isEmpty();
    assertThat(filed(MESSAGE, "u0", Optional.empty(), true).number()).isEqualTo(last + 1);
  }

  private Report filed(EventId message, String user, Optional<String> reason, boolean fresh) {
    var filing = (Filing.Filed) file(message, user, reason);
    assertThat(filing.fresh()).isEqualTo(fresh);
    return filing.report();
  }

  private Filing file(EventId message, String user, Optional<String> reason) {
    var complaint = new Complaint(message, new UserId(user), "Name of " + user, reason);
    return await(reports().file(LOBBY, complaint));
  }

  private List<Report> open(long after, int limit) {
    return await(reports().list(LOBBY, true, after, limit));
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
