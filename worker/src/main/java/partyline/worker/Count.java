package partyline.worker;

/** What is counted of a job. */
public enum Count {
  /** How often this worker got it. */
  CLAIMED,
  /** How often it was lost to somebody else before it was handed back. */
  LOST,
  /** Turns that failed because Redis, or what the job works on, could not be reached. */
  UNAVAILABLE,
  /** Turns that failed for any other reason. */
  FAILED,
  /** Writes refused because the job was somebody else's by then. */
  FENCED,
  /** Events put aside, because the job failed on them again and again. */
  DEAD,
  /** Events acted on. */
  ACTED,
  /** Calls of an endpoint that went well. */
  DELIVERED,
  /** Calls of an endpoint that did not. */
  DELIVERIES_FAILED,
  /** How often it was given away to another worker, for balance. */
  GIVEN_AWAY,
  /** Epochs told. */
  UNDONE,
  /** Holes found: events that the log's ceiling took before the job had seen them. */
  HOLES,
  /** Messages that the job should have acted on, and that nobody has any more. */
  EVENTS_LOST,
  /** Clock notes taken. */
  NOTES,
  /** Entries trimmed from the log. */
  LOG_TRIMMED,
  /** Entries trimmed from rooms. */
  HISTORY_TRIMMED,
  /** Nodes that died and whose people were taken out of their rooms. */
  NODES_SWEPT,
  /** Deleted rooms of which nothing is left. */
  ROOMS_SWEPT
}
