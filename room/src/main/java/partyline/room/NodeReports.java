package partyline.room;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What each process of the cluster says of itself, for those who look after all of them. Through
 * Redis: no node talks to another.
 *
 * <p>All stages fail with {@link LogUnavailable} only.
 */
public interface NodeReports {

  /**
   * @param redisMillis what time it is for Redis, since 1970
   * @param askedToLeave whether somebody wants this node to drain; said once
   * @param spread what all gateways carry, this one as it has just said
   */
  record Heard(long redisMillis, boolean askedToLeave, Spread spread) {}

  /** What a process carries of the streams of the cluster. */
  sealed interface Burden {
    /** None, and it never will: a worker. */
    record None() implements Burden {}

    /** A gateway that serves. */
    record Streams(int open) implements Burden {}

    /** A gateway whose streams are on their way to the others. */
    record Leaving() implements Burden {}
  }

  /**
   * @param gateways that serve
   * @param streams that they have open, all together
   * @param least what the one of them has that has the fewest
   * @param leaving gateways whose streams are on their way to them
   */
  record Spread(int gateways, long streams, long least, int leaving) {}

  /**
   * Takes the place of what the node said before, and is forgotten after {@link
   * Limits#REPORT_FRESH}.
   *
   * @param json one line
   */
  CompletionStage<Heard> say(String node, String json, Burden burden);

  /** The node leaves, and is not to be looked for. */
  CompletionStage<Void> leave(String node);

  /** What is fresh of all of them, by their names. */
  CompletionStage<List<String>> all();

  /** Asks a node to drain; it hears so when it reports next, if it does so in time. */
  CompletionStage<Void> askToLeave(String node);
}
