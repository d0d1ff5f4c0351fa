package partyline.deploy.herd;

import static java.util.Comparator.comparingDouble;
import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.regex.Pattern;

/**
 * How long commands took Redis, by its own clock, from {@code INFO latencystats}: what others have
 * to wait for, wherever it runs. The slowest first.
 */
record CommandTimes(List<Took> all) {
  private static final int SHOWN = 3;

  private static final Pattern LINE =
      Pattern.compile(
          "latency_percentiles_usec_([a-z|-]+):p50=[0-9.]+,p99=([0-9.]+),p99.9=([0-9.]+)");

  record Took(String command, double p99Millis, double p999Millis) {
    @Override
    public String toString() {
      return "%s p99 %.1f ms, p99.9 %.1f ms".formatted(command, p99Millis, p999Millis);
    }
  }

  static CommandTimes parse(String info) {
    return new CommandTimes(
        LINE.matcher(info)
            .results()
            .map(found -> new Took(found.group(1), millis(found.group(2)), millis(found.group(3))))
            .sorted(comparingDouble(Took::p99Millis).reversed())
            .toList());
  }

  /** Of the slowest kind. */
  double p99Millis() {
    return all.isEmpty() ? Double.NaN : all.getFirst().p99Millis();
  }

  private static double millis(String micros) {
    return Double.parseDouble(micros) / 1e3;
  }

  @Override
  public String toString() {
    return all.stream().limit(SHOWN).map(Took::toString).collect(joining("; "));
  }
}
