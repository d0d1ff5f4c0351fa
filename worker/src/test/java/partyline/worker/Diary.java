package partyline.worker;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;

/** Writes down what it is told, and fails once where it is told to. */
final class Diary implements Job {
  final List<String> lines = new ArrayList<>();
  final List<EventId> acted = new ArrayList<>();
  private final Set<String> failures = new HashSet<>();
  Begin begin = Begin.OLDEST;
  int batch = 2;
  boolean readsAhead;
  Step during = () -> {};
  @Nullable String alwaysFailsOn;
  @Nullable String isAwayOn;

  void failsOn(String line) {
    failures.add(line);
  }

  @Override
  public String name() {
    return "diary";
  }

  @Override
  public Begin begin() {
    return begin;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public boolean readsAhead() {
    return readsAhead;
  }

  @Override
  public void act(List<Event> events) throws Exception {
    var line = new StringBuilder("act");
    events.forEach(event -> line.append(' ').append(event.id().ms()));
    write(line.toString());
    events.forEach(event -> acted.add(event.id()));
  }

  @Override
  public void undo(Epoch epoch) throws Exception {
    write("undo (" + epoch.branch().ms() + ", " + epoch.start().ms() + ")");
  }

  @Override
  public void hole(EventId cursor, EventId first) throws Exception {
    write("hole " + cursor + " to " + first);
  }

  private void write(String line) throws Exception {
    lines.add(line);
    during.run();
    if (failures.remove(line) || line.equals(alwaysFailsOn)) {
      throw new IOException("failed on purpose");
    }
    if (line.equals(isAwayOn)) {
      throw new NotNow("away on purpose", new IOException());
    }
  }

  interface Step {
    void run() throws Exception;
  }
}
