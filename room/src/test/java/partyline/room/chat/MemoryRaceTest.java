package partyline.room.chat;

import partyline.room.MemoryRoomLog;
import partyline.room.RoomLog;

final class MemoryRaceTest extends RaceContract {

  private static final MemoryRoomLog LOG = new MemoryRoomLog();

  @Override
  protected RoomLog log() {
    return LOG;
  }
}
