package partyline.deploy.torture;

import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import partyline.deploy.check.Verdict;

/**
 * What was done, and what came of it.
 *
 * @param struck how often each fault struck
 * @param timeline what happened when, line by line
 * @param posts what publishers were answered
 * @param behind clients who did not hear the end in time
 */
public record TortureReport(
    TorturePlan plan,
    Duration took,
    SortedMap<String, Integer> struck,
    List<String> timeline,
    String posts,
    List<String> faultsOfProtocol,
    List<String> behind,
    Verdict verdict) {

  public boolean isClean() {
    return verdict.isClean() && faultsOfProtocol.isEmpty() && behind.isEmpty();
  }

  /** As a page of Markdown. */
  public String text() {
    var text = new StringBuilder();
    text.append("# Torture with seed ").append(plan.seed()).append("\n\n");
    text.append(
        "%d s, %d clients in %d rooms%s, %d messages a second: **%s**.\n\n"
            .formatted(
                took.toSeconds(),
                plan.clients(),
                plan.rooms(),
                plan.partitions().isOne() ? "" : " of " + plan.partitions().count() + " partitions",
                plan.messagesPerSecond(),
                isClean() ? "clean" : "NOT clean"));
    text.append("- ").append(verdict).append("\n- ").append(posts).append('\n');
    behind.forEach(who -> text.append("- behind: ").append(who).append('\n'));
    text.append("\n| fault | times |\n| --- | --- |\n");
    struck.forEach((fault, times) -> text.append("| %s | %d |\n".formatted(fault, times)));
    text.append("\n```\n");
    timeline.forEach(line -> text.append(line).append('\n'));
    return text.append("```\n").toString();
  }
}
