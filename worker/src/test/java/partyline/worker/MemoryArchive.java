package partyline.worker;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import partyline.room.ArchiveWriter;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.JobLedger.Outcome;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Rows of an archive by their ids, and its pen. Outside of Redis: no failover takes them back. */
final class MemoryArchive implements ArchiveWriter {
  final SortedMap<EventId, Event> rows = new TreeMap<>();
  private long term;

  @Override
  public long take(String owner) {
    return ++term;
  }

  @Override
  public Outcome write(long under, List<Event> events) {
    if (under != term) {
      return Outcome.FENCED;
    }
    events.forEach(event -> rows.put(event.id(), event));
    return Outcome.DONE;
  }

  @Override
  public Undone undo(long under, Epoch epoch, boolean beyond, Present present) {
    if (under != term) {
      return new Undone(Outcome.FENCED, 0, 0);
    }
    int before = rows.size();
    rows.keySet().removeIf(id -> beyond ? id.isAfter(epoch.branch()) : epoch.cutOff(id));
    return new Undone(Outcome.DONE, before - rows.size(), 0);
  }

  /** Nobody searches. */
  @Override
  public void sort() {}

  @Override
  public Outcome restore(long under, Collection<Message> messages) {
    throw new AssertionError("the log was never trimmed");
  }

  @Override
  public long lastNumber(RoomId room) {
    throw new AssertionError("the log was never trimmed");
  }

  @Override
  public List<RoomId> rooms(Optional<RoomId> after, int limit) {
    throw new AssertionError("nobody forgets");
  }

  @Override
  public int forget(RoomId room, Instant before) {
    throw new AssertionError("nobody forgets");
  }

  @Override
  public int forgetDeletedRooms(Instant before) {
    throw new AssertionError("nobody forgets");
  }

  @Override
  public List<Message> by(UserId author, Optional<Written> after, int limit) {
    throw new AssertionError("nobody asks");
  }

  @Override
  public int erase(UserId author) {
    throw new AssertionError("nobody is erased");
  }
}
