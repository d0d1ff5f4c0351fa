package partyline.deploy.herd;

import java.time.Duration;
import java.util.List;
import partyline.deploy.check.Verdict;

/**
 * What Redis and the herd felt of each other.
 *
 * @param before what Redis let wait when nobody came
 * @param during what it let wait until the last of them had all it had missed
 * @param processor how long Redis had one meanwhile, and how long it waited for one
 * @param slowest commands that took Redis longer than {@link Herd#SLOW_MICROS}, the slowest first
 * @param heldUp by what Redis says that it was held up for so long, and how long at most
 * @param allBack until the last of them had all it had missed
 * @param behind who did not come so far
 */
public record HerdReport(
    HerdPlan plan,
    Pulse.Found before,
    Pulse.Found during,
    CommandTimes commands,
    RunQueue.Times processor,
    List<String> slowest,
    List<String> heldUp,
    Duration halfBack,
    Duration allBack,
    List<String> behind,
    Verdict verdict) {

  static final double P99_MILLIS = 50;

  /**
   * By the clock of Redis: a machine that lacks processors is no fault of the herd's, and what
   * somebody feels on it says nothing of another one. Where Redis had a processor of its own, also
   * by what somebody felt.
   */
  public boolean isClean() {
    return behind.isEmpty()
        && verdict.isClean()
        && commands.p99Millis() <= P99_MILLIS
        && (!plan.redisApart() || during.all().p99Millis() <= P99_MILLIS);
  }

  public String text() {
    return """
    %d clients of %d rooms%s came back to %d gateways at once, %d events behind
    all had them after %.1f s, half after %.1f s; %d did not
    Redis let wait, before: %s
    Redis let wait, meanwhile: %s
    of that not for a processor, at most: %s
    Redis was on a processor for %s
    commands by the clock of Redis: %s
    commands of more than %d ms: %s
    what held it up that long, by its own word: %s
    %s
    %s\
    """
        .formatted(
            plan.clients(),
            plan.rooms(),
            plan.partitions().isOne() ? "" : " in " + plan.partitions().count() + " partitions",
            plan.gateways(),
            plan.behind(),
            allBack.toMillis() / 1e3,
            halfBack.toMillis() / 1e3,
            behind.size(),
            before.all(),
            during.all(),
            during.own(),
            processor,
            commands,
            Herd.SLOW_MICROS / 1_000,
            said(slowest),
            said(heldUp),
            verdict,
            isClean() ? "Clean" : "NOT clean");
  }

  private static String said(List<String> all) {
    return all.isEmpty() ? "none" : String.join("; ", all);
  }
}
