package partyline.room;

import java.util.ArrayList;
import java.util.List;

final class MemoryReadMarkersTest extends ReadMarkersContract {

  private final ManualClock clock = new ManualClock();
  private final MemoryRoomLog log = new MemoryRoomLog(clock);
  private final List<Ephemeral> told = new ArrayList<>();
  private final MemoryReadMarkers markers = new MemoryReadMarkers(log, clock, told::add);

  @Override
  protected ReadMarkers markers() {
    return markers;
  }

  @Override
  protected RoomLog log() {
    return log;
  }

  @Override
  protected List<Ephemeral> told() {
    return told;
  }
}
