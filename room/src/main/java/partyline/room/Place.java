package partyline.room;

/**
 * Where something is kept beside the log, as fields with a text each. Appends change it, and
 * nothing else does, but for read markers.
 */
public sealed interface Place {

  /** Of the append's room: {@code settings}, {@code member:<user>}, {@code ban:<user>}… */
  record State() implements Place {}

  /** Messages of the append's room that are no longer what they were said as, by their id. */
  record Amended() implements Place {}

  /** Of one person, whatever the room: {@code room:<room>}, {@code ban}, {@code revoked}. */
  record Person(UserId user) implements Place {}

  /**
   * What is counted of a person, wherever the room is that it is counted in: with several
   * partitions each of them has a count of its own.
   */
  record Tally(UserId user) implements Place {}

  /** How far people have read in the append's room, by user; see {@link ReadMarkers}. */
  record Read() implements Place {}

  /** What the log knows of itself. */
  record Log() implements Place {}
}
