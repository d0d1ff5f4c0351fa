package partyline.worker;

import partyline.room.Schedule;

/** One thing that happens to workers; what the numbers mean depends on it. */
record JobStep(Kind kind, int a, int b) {
  enum Kind {
    /** In room a; b says whom it mentions, if anybody. */
    SAY(16),
    /** Something that one job fails on, or dies of. */
    POISON(1),
    /** Worker and job by a; b says what befalls it on the way. What stands still goes on. */
    TURN(50),
    RENEW(6),
    PASS(8),
    /** Killed, and started anew. */
    KILL(2),
    /** Asked to end, and started anew. */
    END(1),
    /** Who sees whom. */
    SEE(2),
    REDIS_AWAY(1),
    ARCHIVE_AWAY(1),
    BACK(3),
    CLOCK(1),
    /** Nothing was lost. */
    RESTART(2),
    /**
     * The a newest entries are gone, and b of what jobs wrote after the one that is now the last.
     */
    LOSE_TAIL(4);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }

    /** How often it happens, beside the others. */
    int weight() {
      return weight;
    }
  }

  /** The schedule of a seed. */
  static Schedule<JobStep> schedule(long seed) {
    return Schedule.of(seed, Kind.values(), Kind::weight, JobStep::new);
  }
}
