package partyline.deploy.soak;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;

/**
 * What was held, and whether it grew.
 *
 * @param growths by process and what it holds
 * @param violations broken promises, shift by shift
 */
public record SoakReport(
    SoakPlan plan,
    Duration took,
    int shifts,
    SortedMap<String, Growth> growths,
    List<String> violations) {

  public boolean isClean() {
    return violations.isEmpty() && growths.values().stream().noneMatch(Growth::grows);
  }

  /** As a page of Markdown. */
  public String text() {
    var text = new StringBuilder("# Soak\n\n");
    text.append(
        "%d min in %d shifts, %d clients in %d rooms, %d messages a second: **%s**.\n\n"
            .formatted(
                took.toMinutes(),
                shifts,
                plan.clients(),
                plan.rooms(),
                plan.messagesPerSecond(),
                isClean() ? "clean" : "NOT clean"));
    violations.forEach(violation -> text.append("- ").append(violation).append('\n'));
    text.append("\n| who and what | at first | at last | |\n| --- | --- | --- | --- |\n");
    growths.forEach((what, growth) -> text.append(line(what, growth)));
    return text.toString();
  }

  private static String line(String what, Growth growth) {
    if (!growth.isJudged()) {
      return "| %s | | | not judged: too short |\n".formatted(what);
    }
    return "| %s | %s | %s | %s |\n"
        .formatted(
            what,
            amount(what, growth.first()),
            amount(what, growth.last()),
            growth.grows() ? "**grows**" : "stays");
  }

  private static String amount(String what, double value) {
    boolean bytes = what.endsWith("memory") || what.endsWith(Gauges.HEAP);
    return bytes ? "%.1f MB".formatted(value / 1e6) : "%.0f".formatted(value);
  }
}
