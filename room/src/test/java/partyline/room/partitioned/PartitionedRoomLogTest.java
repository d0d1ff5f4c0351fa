package partyline.room.partitioned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Change;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Expectation;
import partyline.room.Field;
import partyline.room.MemoryRoomLog;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.View;
import partyline.room.partitioned.PartitionedRoomLog.Part;

final class PartitionedRoomLogTest {

  private static final Partitions TWO = Partitions.of(2);
  private static final UserId ADA = new UserId("ada");
  private static final RoomId INBOX = RoomId.inboxOf(ADA);

  /** In the other partition than ada. */
  private static final RoomId AWAY =
      Stream.iterate(0, i -> i + 1)
          .map(i -> new RoomId("room-" + i))
          .filter(room -> !TWO.of(room).equals(TWO.of(ADA)))
          .findFirst()
          .orElseThrow();

  private static final Field BAN = Field.person(ADA, "ban");
  private static final Field SETTINGS = Field.state("settings");

  private final List<MemoryRoomLog> logs = TWO.each(partition -> new MemoryRoomLog());
  private final PartitionedRoomLog log =
      new PartitionedRoomLog(
          TWO, logs.stream().map(part -> new Part(part, new AnsweredHorizon())).toList());

  @Test
  void an_event_is_in_the_log_of_its_rooms_partition_and_in_no_other() {
    Event event = appended(message(AWAY));

    assertThat(entries(TWO.of(AWAY))).containsExactly(event);
    assertThat(entries(TWO.of(ADA))).isEmpty();
  }

  @Test
  void what_is_known_of_a_person_is_read_where_they_are() {
    appended(message(INBOX).changing(List.of(new Change.Set(BAN, "{}"))));
    appended(message(AWAY).changing(List.of(new Change.Set(SETTINGS, "{\"title\":\"x\"}"))));

    View view = await(log.view(AWAY, List.of(BAN, SETTINGS), List.of()));

    assertThat(view.fields()).isEqualTo(Map.of(BAN, "{}", SETTINGS, "{\"title\":\"x\"}"));
    assertThat(await(log.snapshot(AWAY, 1, List.of(BAN, SETTINGS))).fields())
        .isEqualTo(view.fields());
  }

  @Test
  void what_is_expected_of_a_person_is_looked_at_where_they_are() {
    Append asNobodyBanned =
        message(AWAY)
            .expecting(List.of(Expectation.absent(BAN), Expectation.absent(SETTINGS)))
            .changing(List.of(new Change.Set(SETTINGS, "{}")));
    appended(message(INBOX).changing(List.of(new Change.Set(BAN, "{}"))));

    AppendResult refused = await(log.append(asNobodyBanned, EventId.ZERO));

    assertThat(refused).isInstanceOf(AppendResult.Stale.class);
    assertThat(((AppendResult.Stale) refused).current()).isEqualTo(Map.of(BAN, "{}"));
    assertThat(entries(TWO.of(AWAY))).isEmpty();
  }

  @Test
  void what_was_found_as_expected_is_there_when_the_room_was_not() {
    appended(message(INBOX).changing(List.of(new Change.Set(BAN, "{}"))));
    appended(message(AWAY).changing(List.of(new Change.Set(SETTINGS, "{}"))));
    Append late =
        message(AWAY)
            .expecting(
                List.of(new Expectation(BAN, Optional.of("{}")), Expectation.absent(SETTINGS)));

    AppendResult refused = await(log.append(late, EventId.ZERO));

    assertThat(((AppendResult.Stale) refused).current())
        .isEqualTo(Map.of(BAN, "{}", SETTINGS, "{}"));
  }

  @Test
  void the_list_of_a_persons_rooms_is_not_written_from_elsewhere() {
    Field room = Field.person(ADA, "room:" + AWAY);

    appended(message(AWAY).changing(List.of(new Change.StampId(room))));

    assertThat(await(log.view(INBOX, List.of(room), List.of())).fields()).isEmpty();
    assertThat(await(logs.get(TWO.of(AWAY).index()).view(AWAY, List.of(room), List.of())).fields())
        .isEmpty();
  }

  @Test
  void what_is_counted_of_a_person_is_counted_where_the_room_is() {
    Field created = Field.tally(ADA, "created");

    appended(message(AWAY).changing(List.of(new Change.Count(created, 1))));

    assertThat(await(log.view(AWAY, List.of(created), List.of())).field(created)).contains("1");
    assertThat(await(log.view(INBOX, List.of(created), List.of())).field(created)).isEmpty();
  }

  /** An id of another partition would begin an epoch there, for nothing. */
  @Test
  void how_far_a_log_was_known_is_never_said_to_another() {
    Event event = appended(message(AWAY));
    EventId far = new EventId(event.id().ms() + 1_000_000, 0);

    await(log.append(message(INBOX), far));

    assertThat(logs).allSatisfy(part -> assertThat(part.epochs().newest()).hasSizeLessThan(2));
  }

  @Test
  void there_is_no_order_between_partitions_to_ask_for() {
    assertThatIllegalStateException()
        .isThrownBy(() -> log.rooms(List.of(AWAY, INBOX), EventId.ZERO, 10));
    assertThatIllegalStateException().isThrownBy(() -> log.log(EventId.ZERO, EventId.ZERO, 10));
  }

  private static Append message(RoomId room) {
    return Append.of(room, EventType.MESSAGE_CREATED, "{}", "{\"text\":\"hi\"}");
  }

  private Event appended(Append append) {
    if (await(log.append(append, EventId.ZERO)) instanceof AppendResult.Appended(Event event)) {
      return event;
    }
    throw new AssertionError("not appended");
  }

  private List<Event> entries(Partition partition) {
    return logs.get(partition.index()).entries().stream()
        .filter(Event.class::isInstance)
        .map(Event.class::cast)
        .toList();
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
