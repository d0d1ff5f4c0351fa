package partyline.room;

/**
 * The answer to a beat: the log took a write just now and ends here.
 *
 * @param last the highest id the log ever gave out
 */
public record Beat(EventId last, Epochs epochs) {}
