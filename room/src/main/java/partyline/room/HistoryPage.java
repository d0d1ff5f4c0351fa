package partyline.room;

import java.util.List;

/**
 * Messages of one room as they stand now, erased ones included, oldest first.
 *
 * @param gap whether messages that belong at the old end of this page were trimmed away: the page
 *     reaches back to the oldest retained message and that one is not the room's first
 */
public record HistoryPage(List<Message> messages, boolean gap) {

  public HistoryPage {
    messages = List.copyOf(messages);
  }
}
