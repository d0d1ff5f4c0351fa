package partyline.worker;

import java.io.IOException;
import java.util.List;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;

/** A job as it is, but for events that it fails on, and some that end its process. */
record Mortal(Job job) implements Job {
  static final String FAILS = "\"text\":\"fails\"";
  static final String DIES = "\"text\":\"dies\"";

  static boolean isPoison(Event event) {
    return event.data().contains(FAILS) || event.data().contains(DIES);
  }

  @Override
  public String name() {
    return job.name();
  }

  @Override
  public Begin begin() {
    return job.begin();
  }

  @Override
  public int batch() {
    return job.batch();
  }

  @Override
  public void act(List<Event> events) throws Exception {
    for (Event event : events) {
      if (event.data().contains(DIES)) {
        throw new Fiber.Death();
      }
      if (event.data().contains(FAILS)) {
        throw new IOException("failed on purpose");
      }
      job.act(List.of(event));
    }
  }

  @Override
  public void undo(Epoch epoch) throws Exception {
    job.undo(epoch);
  }

  @Override
  public void hole(EventId cursor, EventId first) throws Exception {
    job.hole(cursor, first);
  }
}
