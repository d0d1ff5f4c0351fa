package partyline.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import partyline.room.Claim;
import partyline.room.DeletedRooms;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.RoomId;

/**
 * Takes away what deleted rooms held, one bounded step a turn.
 *
 * <p>No fence: sweeping is idempotent, and two who do it at once do no harm.
 */
final class RoomSweep implements Duty {

  private final DeletedRooms deleted;
  private final Counters counters;

  // Owned by the loop's thread.
  private final Deque<RoomId> due = new ArrayDeque<>();

  RoomSweep(DeletedRooms deleted, Counters counters) {
    this.deleted = deleted;
    this.counters = counters;
  }

  @Override
  public String job() {
    return "rooms";
  }

  @Override
  public void begin(Claim.Claimed claimed) {
    due.clear();
  }

  @Override
  public Optional<Duration> turn(Lease lease) throws InterruptedException {
    RoomId room = due.peek();
    if (room == null) {
      due.addAll(Await.answer(deleted.due()));
      return Optional.of(due.isEmpty() ? Limits.DELETED_ROOMS_EVERY : Duration.ZERO);
    }
    if (!Await.answer(deleted.sweep(room))) {
      due.remove();
      counters.add(Count.ROOMS_SWEPT);
    }
    return Optional.of(Duration.ZERO);
  }
}
