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
 * <p>A hole ends at the last of the ids it swallowed. Worked example: of a (5, 7, 9) only 9 is
 * retained; asked after 4, a has a hole through 7, and 9 is told. Whoever asks from below its end
 * finds it again, whoever asks from there or above does not, so pages need no memory of each other.
 *
 * @param last the highest id the log ever gave out, at that instant
 * @param complete every retained event of these rooms with after &lt; id ≤ complete is in {@code
 *     events}, those within a hole left out; equals {@code last} when there is certainly no more.
 *     Below it, the next page may turn out to be empty
 * @param epochs as they stood at that instant
 * @param events ascending by id, none above {@code complete}
 * @param holes rooms of which events after the cursor can't be told. Who asked after ZERO asked for
 *     what is retained, and lost nothing
 */
public record RoomsPage(
    EventId last, EventId complete, Epochs epochs, List<Event> events, Map<RoomId, Hole> holes) {

  public RoomsPage {
    events = List.copyOf(events);
    holes = Map.copyOf(holes);
  }

  public boolean more() {
    return last.isAfter(complete);
  }

  /**
   * Of a room nothing is told up to {@code through}, and everything from {@code oldest} on.
   *
   * @param through the event before the oldest told, or the room's last when none is left
   * @param oldest ZERO when there is none
   */
  public record Hole(Why why, EventId through, EventId oldest) {

    public enum Why {
      /** Events were trimmed away. */
      TRIMMED,
      /** More are held than {@link Limits#REPLAY_EVENTS_PER_ROOM}: the newest of them are told. */
      TOO_MANY
    }
  }
}
