package partyline.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import partyline.gateway.hub.Hub;
import partyline.gateway.hub.RoomWatch;
import partyline.gateway.hub.SilentLog;
import partyline.gateway.loop.ManualLoop;
import partyline.room.RoomId;
import partyline.room.RoomLog;

final class WatchedRoomsTest {

  private final Hub hub =
      new Hub(new ManualLoop(), SilentLog.of(RoomLog.class), SilentLog.of(RoomWatch.class));
  private final WatchedRooms rooms = new WatchedRooms();

  @Test
  void the_busiest_are_rooms_of_people_and_no_inbox_such_as_the_canarys() {
    hears("@partyline.canary", 9);
    hears("@ada", 5);
    hears("lobby", 2);
    hears("attic", 3);
    hears("cellar", 0);

    assertThat(rooms.busiest(2))
        .containsExactlyInAnyOrder(
            new RoomTraffic(new RoomId("attic"), 3), new RoomTraffic(new RoomId("lobby"), 2));
    assertThat(rooms.busiest(2)).isEmpty();
  }

  private void hears(String name, int events) {
    WatchedRooms.WatchedRoom room = rooms.watch(new RoomId(name), hub);
    for (int i = 0; i < events; i++) {
      room.told();
    }
  }
}
