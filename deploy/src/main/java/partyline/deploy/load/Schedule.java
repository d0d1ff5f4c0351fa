package partyline.deploy.load;

/**
 * When each message is due, into which room, and who posts it. Open loop: the times are fixed
 * before the first post, and no answer, however late, moves them; latency counts from the time a
 * message was due, so a cluster that makes the publishers wait is not flattered by it.
 *
 * <p>Messages are counted from 0 over all rooms, which take turns. A lane posts one message after
 * the other; a room belongs to one lane, so its messages reach the log in the order of their
 * numbers.
 *
 * @param perSecond messages, over all rooms
 * @param warmupSeconds at the start that are published and checked, but not timed
 * @param seconds after them
 */
record Schedule(double perSecond, int rooms, int lanes, int warmupSeconds, int seconds) {
  private static final double NANOS = 1e9;

  Schedule {
    if (perSecond <= 0 || rooms < 1 || lanes < 1 || lanes > rooms || seconds < 1) {
      throw new IllegalArgumentException("a schedule needs a rate, rooms, lanes and a time");
    }
  }

  /** How many messages there are. */
  long messages() {
    return Math.round(perSecond * (warmupSeconds + seconds));
  }

  /** How many are due until that time, in nanoseconds since the start. */
  long due(long nanos) {
    return Math.clamp((long) Math.floor(nanos / NANOS * perSecond) + 1, 0, messages());
  }

  /** In nanoseconds since the start. */
  long dueNanos(long message) {
    return Math.round(message / perSecond * NANOS);
  }

  boolean isTimed(long message) {
    return dueNanos(message) >= warmupSeconds * (long) NANOS;
  }

  int room(long message) {
    return (int) (message % rooms);
  }

  /** Within its room, from 1 on. */
  long number(long message) {
    return message / rooms + 1;
  }

  /** The first message of a lane. */
  long first(int lane) {
    return lane;
  }

  /** The lane's next message after this one; its rooms are those whose remainder is the lane. */
  long next(long message) {
    int room = room(message);
    return room + lanes < rooms ? message + lanes : message - room + rooms + room % lanes;
  }
}
