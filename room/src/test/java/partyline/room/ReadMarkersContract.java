package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import partyline.room.ReadMarkers.Marker;
import partyline.room.ReadMarkers.Reached;
import partyline.room.process.Eventually;

/** What is promised of how far people have read. */
public abstract class ReadMarkersContract {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final UserId ADA = new UserId("ada \"b\"");
  private static final UserId BOB = new UserId("bob");

  protected abstract ReadMarkers markers();

  protected abstract RoomLog log();

  /** What was told so far, in order. */
  protected abstract List<Ephemeral> told();

  @Test
  void a_marker_moves_forward_and_never_back() {
    List<EventId> said = say(3);

    assertThat(reach(ADA, said.get(1))).isEqualTo(new Reached(marker(said.get(1), 2), true, 3));
    assertThat(reach(ADA, said.get(0))).isEqualTo(new Reached(marker(said.get(1), 2), false, 3));
    assertThat(reach(ADA, said.get(1))).isEqualTo(new Reached(marker(said.get(1), 2), false, 3));
    assertThat(reach(BOB, said.get(0))).isEqualTo(new Reached(marker(said.get(0), 1), true, 3));
  }

  @Test
  void other_devices_are_told_of_each_move_and_of_nothing_else() {
    List<EventId> said = say(2);
    reach(ADA, said.get(0));
    reach(ADA, said.get(0));
    reach(ADA, said.get(1));

    Eventually.holds("two moves were told", () -> told().size() == 2);
    Ephemeral last = told().getLast();
    assertThat(last.room()).isEqualTo(RoomId.inboxOf(ADA));
    assertThat(last.type()).isEqualTo("read");
    assertThat(last.data())
        .isEqualTo("{\"room\":\"lobby\",\"id\":\"" + said.get(1) + "\",\"number\":2}");
  }

  @Test
  void who_is_ahead_of_the_room_has_read_to_its_end() {
    List<EventId> said = say(2);

    Reached reached = reach(ADA, new EventId(Long.MAX_VALUE / 1_000_000, 0));

    assertThat(reached.marker()).isEqualTo(marker(said.get(1), 2));
    assertThat(reached.marker().unread(reached.lastNumber())).isZero();
  }

  @Test
  void in_a_room_without_events_there_is_nothing_to_read() {
    assertThat(reach(ADA, new EventId(5, 0))).isEqualTo(new Reached(Marker.NONE, false, 0));
  }

  @Test
  void what_is_no_message_can_be_read_too() {
    say(2);
    EventId joined = append(EventType.MEMBER_JOINED, "{}", List.of());
    say(1);

    assertThat(reach(ADA, joined)).isEqualTo(new Reached(marker(joined, 2), true, 3));
  }

  @Test
  void a_deleted_message_is_not_unread() {
    List<EventId> said = say(3);
    append(
        EventType.MESSAGE_DELETED,
        "{\"id\":\"" + said.get(1) + "\"}",
        List.of(new Change.Erase(said.get(1), "{}")));

    assertThat(reach(ADA, said.get(0)).marker()).isEqualTo(marker(said.get(0), 2));
  }

  private Reached reach(UserId user, EventId id) {
    return await(markers().reach(LOBBY, user, id));
  }

  private static Marker marker(EventId id, long number) {
    return new Marker(id, number);
  }

  private List<EventId> say(int messages) {
    var ids = new ArrayList<EventId>();
    for (int i = 0; i < messages; i++) {
      ids.add(append(EventType.MESSAGE_CREATED, "{\"text\":\"hello\"}", List.of()));
    }
    return ids;
  }

  private EventId append(String type, String data, List<Change> changes) {
    Append append = Append.of(LOBBY, type, "{\"id\":\"ada\"}", data).changing(changes);
    var result = (AppendResult.Appended) await(log().append(append, EventId.ZERO));
    return result.event().id();
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
