package partyline.deploy.check;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the checker says of a run. */
public record Verdict(List<Violation> violations, Tally tally) {

  /**
   * How much was judged: a clean verdict on nothing proves nothing.
   *
   * @param forgotten acknowledged messages that an epoch cut off: lost, and everybody was told
   * @param told events that clients got, all together
   * @param repeats of which they had got before
   * @param reconnects streams of a client after the first that told it where it stands
   * @param resets how often clients were reset, by reason
   * @param goodbyes how often streams ended with {@code bye}, by reason
   */
  public record Tally(
      int acked,
      int refused,
      int unknown,
      int forgotten,
      int logged,
      int epochs,
      long told,
      long repeats,
      int reconnects,
      SortedMap<String, Integer> resets,
      SortedMap<String, Integer> goodbyes) {

    private Tally and(Tally other) {
      return new Tally(
          acked + other.acked,
          refused + other.refused,
          unknown + other.unknown,
          forgotten + other.forgotten,
          logged + other.logged,
          epochs + other.epochs,
          told + other.told,
          repeats + other.repeats,
          reconnects + other.reconnects,
          both(resets, other.resets),
          both(goodbyes, other.goodbyes));
    }

    private static SortedMap<String, Integer> both(
        SortedMap<String, Integer> some, SortedMap<String, Integer> others) {
      var both = new TreeMap<>(some);
      others.forEach((reason, times) -> both.merge(reason, times, Integer::sum));
      return both;
    }
  }

  public Verdict {
    violations = List.copyOf(violations);
  }

  /** On two partitions of what was judged, of which each has an order of its own. */
  public Verdict and(Verdict other) {
    var both = new ArrayList<>(violations);
    both.addAll(other.violations);
    return new Verdict(both, tally.and(other.tally));
  }

  public boolean isClean() {
    return violations.isEmpty();
  }

  @Override
  public String toString() {
    return (isClean() ? "clean: " : violations.size() + " violations: ")
        + tally
        + violations.stream().map(v -> "\n  " + v).collect(Collectors.joining());
  }
}
