package partyline.room;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

/** The memory twin keeps the contract, with an I/O thread of its own as Redis has. */
final class MemoryRoomLogTest extends RoomLogContract implements MemoryUnderContract {

  private final ManualClock clock = new ManualClock();
  private final ExecutorService io = Executors.newSingleThreadExecutor();
  private final MemoryRoomLog log = new MemoryRoomLog(clock, io);

  @AfterEach
  void close() {
    io.close();
  }

  @Override
  public MemoryRoomLog memory() {
    return log;
  }

  @Override
  public ManualClock clock() {
    return clock;
  }
}
