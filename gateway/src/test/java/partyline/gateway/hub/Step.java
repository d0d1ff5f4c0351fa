package partyline.gateway.hub;

import java.util.EnumSet;
import java.util.Set;
import partyline.room.EventId;
import partyline.room.Schedule;

/** One thing that happens; what the numbers mean depends on it. */
record Step(Kind kind, int a, int b) {
  enum Kind {
    /** To room a, through node b. */
    SAY(20),
    /** a times to all rooms in turn. */
    SAY_MANY(3),
    /** Client a, to hub b. */
    CONNECT(12),
    LEAVE(5),
    /** Client a takes b frames more and is full then. */
    STALL(5),
    DRAIN(5),
    /** Loop b of node a gets a turn, or two. */
    TURN(15),
    RUN(10),
    PASS(8),
    CUT(4),
    HOLD_FEEDS(2),
    STEP_FEEDS(6),
    FLOW(3),
    KEEP_PAGES(2),
    LET_PAGES_GO(3),
    REDIS_AWAY(1),
    NO_WRITES(1),
    REDIS_BACK(3),
    CLOCK(2),
    TRIM_LOG(3),
    /** Nothing was lost. */
    RESTART(3),
    // What may cost a reset.
    /** No connection does that: pushes that were published reach no feed. */
    LOSE_PUSHES(2),
    TRIM_RESUME(3),
    ERASE(2),
    LOSE_TAIL(4),
    WIPE(1);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    /** How often it happens, beside the others. */
    int weight() {
      return weight;
    }
  }

  private static final Set<Kind> HARMFUL =
      EnumSet.of(Kind.LOSE_PUSHES, Kind.TRIM_RESUME, Kind.ERASE, Kind.LOSE_TAIL, Kind.WIPE);

  /** The schedule of a seed. */
  static Schedule<Step> schedule(long seed) {
    return Schedule.of(seed, Kind.values(), Kind::weight, Step::new);
  }

  boolean isHarmful() {
    return HARMFUL.contains(kind);
  }

  /** Where a client begins that has no cursor. */
  Start start() {
    return switch (b % 7) {
      case 0 -> new Start.After(EventId.ZERO);
      case 1 -> new Start.Back(1 + b % 5);
      default -> new Start.Now();
    };
  }
}
