package partyline.room;

import java.time.Duration;

final class MemoryPresenceTest extends PresenceContract {

  private final ManualClock clock = new ManualClock();
  private final MemoryRoomLog log = new MemoryRoomLog(clock);
  private final MemoryPresence presence = new MemoryPresence(clock, log::publish);

  @Override
  protected Presence presence() {
    return presence;
  }

  @Override
  protected PubSub pubSub() {
    return log;
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
  }

  @Override
  protected void wipe() {
    presence.wipe();
  }

  @Override
  protected void promote() {
    presence.promote();
  }
}
