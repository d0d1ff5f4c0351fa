package partyline.room;

import java.time.Duration;

/** The memory log, with what the contract's suite does to it. */
public interface MemoryUnderContract extends ContractedLog {

  MemoryRoomLog memory();

  /** Of that log. */
  ManualClock clock();

  /** One that answers on the caller's thread. */
  static MemoryUnderContract fresh() {
    var clock = new ManualClock();
    var log = new MemoryRoomLog(clock);
    return new MemoryUnderContract() {
      @Override
      public MemoryRoomLog memory() {
        return log;
      }

      @Override
      public ManualClock clock() {
        return clock;
      }
    };
  }

  @Override
  default RoomLog log() {
    return memory();
  }

  @Override
  default PubSub pubSub() {
    return memory();
  }

  @Override
  default void trimLog(int keep) {
    memory().trimLog(keep);
  }

  @Override
  default void trimResume(RoomId room, int keep) {
    memory().trimResume(room, keep);
  }

  @Override
  default void trimHistory(RoomId room, int keep) {
    memory().trimHistory(room, keep);
  }

  @Override
  default void erase(RoomId room, EventId id) {
    memory().erase(room, id);
  }

  @Override
  default void wipe() {
    memory().wipe();
  }

  @Override
  default void promote() {
    memory().promote();
  }

  @Override
  default Runnable laggingReplica() {
    EventId has = memory().last();
    return () -> memory().loseAfter(has);
  }

  @Override
  default void pass(Duration time) {
    clock().advance(time);
  }

  @Override
  default void stepBack(Duration time) {
    clock().advance(time.negated());
  }
}
