package partyline.room;

import java.util.ArrayList;
import java.util.List;

final class MemoryShutoutsTest extends ShutoutsContract {
  private final List<Shutout> told = new ArrayList<>();
  private final MemoryShutouts shutouts =
      new MemoryShutouts(new ManualClock(), (version, shutout) -> told.add(shutout));

  @Override
  protected Shutouts shutouts() {
    return shutouts;
  }

  @Override
  protected List<Shutout> told() {
    return told;
  }
}
