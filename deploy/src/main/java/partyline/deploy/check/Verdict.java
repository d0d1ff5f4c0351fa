package partyline.deploy.check;

import java.util.List;
import java.util.SortedMap;
import java.util.stream.Collectors;

/** What the checker says of a run. */
public record Verdict(List<Violation> violations, Tally tally) {

  /**
   * How much was judged: a clean verdict on nothing proves nothing.
   *
   * @param forgotten acknowledged messages that an epoch cut off: lost, and everybody was told
   * @param told events that clients got, all together
   * @param repeats of which they had got before
   * @param reconnects connections of a client after its first, polls left out
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
      SortedMap<String, Integer> goodbyes) {}

  public Verdict {
    violations = List.copyOf(violations);
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
