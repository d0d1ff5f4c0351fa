package partyline.room;

import java.util.List;

/**
 * A page of the whole log.
 *
 * @param first the id of the oldest entry the log still holds; ZERO when it holds none
 * @param last the highest id the log ever gave out
 * @param epochs as they stood at that instant
 * @param entries ascending, all after the asked id
 * @param more whether the log went on behind this page; a page without more is a barrier: all that
 *     was appended before the reply is in it or below it
 * @param trimmed whether entries between the asked id and the first of this page may have been
 *     trimmed away
 */
public record LogPage(
    EventId first,
    EventId last,
    Epochs epochs,
    List<LogEntry> entries,
    boolean more,
    boolean trimmed) {

  public LogPage {
    entries = List.copyOf(entries);
  }
}
