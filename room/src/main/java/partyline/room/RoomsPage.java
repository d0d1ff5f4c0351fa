package partyline.room;

import java.util.List;
import java.util.Map;

/**
 * A page of several rooms' events, merged by id.
 *
 * <p>Worked example: rooms a (5, 7, 9) and b (6, 20), limit 2, asked after 4. Room a was cut off at
 * 7, so nothing above 7 may be told yet: events 5, 6, 7, complete 7, more. Asked after 7: events 9,
 * 20, complete = last.
 *
 * <p>Whoever pages on leaves out the rooms that were trimmed: from {@code complete} on they may
 * look whole again, and events of theirs would be told before the hole is.
 *
 * @param last the highest id the log ever gave out, at that instant
 * @param complete every event of these rooms with after &lt; id ≤ complete is in {@code events},
 *     those of trimmed rooms left out; equals {@code last} when there is certainly no more. Below
 *     it, the next page may turn out to be empty
 * @param epochs as they stood at that instant
 * @param events ascending by id, none above {@code complete}
 * @param trimmed rooms of which events after the cursor are gone (the cursor is below {@code prev}
 *     of the room's first resume entry, or below its head when none is left), each with the id of
 *     its oldest retained event, ZERO when there is none. Never set when asked after ZERO: the
 *     oldest retained is what was asked for
 */
public record RoomsPage(
    EventId last,
    EventId complete,
    Epochs epochs,
    List<Event> events,
    Map<RoomId, EventId> trimmed) {

  public RoomsPage {
    events = List.copyOf(events);
    trimmed = Map.copyOf(trimmed);
  }

  public boolean more() {
    return last.isAfter(complete);
  }
}
