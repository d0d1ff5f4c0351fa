package partyline.room;

final class MemoryRoomListsTest extends RoomListsContract {

  private final MemoryRoomLog log = new MemoryRoomLog();

  @Override
  protected RoomLists lists() {
    return log.lists();
  }

  @Override
  protected RoomLog log() {
    return log;
  }
}
