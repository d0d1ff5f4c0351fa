package partyline.deploy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.metrics.Metric;
import partyline.room.metrics.Metric.Label;
import partyline.room.metrics.Metric.Teller;

/** {@link Metric} against what a gateway and a worker really tell. */
final class MetricsTest {

  /** A histogram's own label. */
  private static final String BOUND = "le";

  private static LocalCluster cluster;

  @BeforeAll
  static void start(@TempDir Path folder) {
    cluster = LocalCluster.start(folder, 1, 1);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  /** Some of it is told only once it was done, or asked of Redis, for the first time. */
  private static Scrape scrape(Teller process) throws Exception {
    URI ops = process == Teller.GATEWAY ? cluster.gateway(1).opsUrl() : cluster.worker(1).opsUrl();
    Scrape scrape = Scrape.of(ops);
    for (int again = 0; again < 100 && !tellsOfAll(scrape, process); again++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      scrape = Scrape.of(ops);
    }
    return scrape;
  }

  private static boolean tellsOfAll(Scrape scrape, Teller process) {
    return metrics(process).stream()
        .map(Metric::fullName)
        .allMatch(name ->
            scrape.samples().stream()
                .anyMatch(sample -> sample.name().equals(name) || sample.metric().equals(name)));
  }

  @ParameterizedTest
  @EnumSource(
      value = Teller.class,
      names = {"GATEWAY", "WORKER"})
  void everything_that_is_named_is_told_and_nothing_else(Teller process) throws Exception {
    Map<String, String> named =
        metrics(process).stream()
            .collect(
                Collectors.toMap(
                    Metric::fullName,
                    metric -> metric.kind().name().toLowerCase(Locale.ROOT),
                    (one, other) -> one,
                    TreeMap::new));

    assertThat(new TreeMap<>(scrape(process).types())).isEqualTo(named);
  }

  @ParameterizedTest
  @EnumSource(
      value = Teller.class,
      names = {"GATEWAY", "WORKER"})
  void all_labels_and_their_words_are_those_that_are_named(Teller process) throws Exception {
    Scrape scrape = scrape(process);

    for (Metric metric : metrics(process)) {
      List<Scrape.Sample> samples =
          scrape.samples().stream()
              .filter(sample ->
                  sample.name().equals(metric.fullName())
                      || sample.metric().equals(metric.fullName()))
              .toList();
      assertThat(samples).as(metric.fullName()).isNotEmpty();
      for (Label label : metric.labels()) {
        Set<String> words =
            samples.stream()
                .map(sample -> String.valueOf(sample.labels().get(label.name())))
                .collect(Collectors.toCollection(TreeSet::new));
        if (label.words().isEmpty()) {
          assertThat(words).as("%s %s", metric.fullName(), label).doesNotContain("null");
        } else {
          assertThat(words)
              .as("%s %s", metric.fullName(), label)
              .containsExactlyInAnyOrderElementsOf(label.words());
        }
      }
      assertThat(samples)
          .as(metric.fullName())
          .allSatisfy(sample ->
              assertThat(sample.labels().keySet().stream().filter(name -> !name.equals(BOUND)))
                  .containsExactlyInAnyOrderElementsOf(
                      metric.labels().stream().map(Label::name).toList()));
    }
  }

  @Test
  void a_name_says_what_it_is() {
    for (Metric metric : Metric.values()) {
      assertThat(metric.fullName().endsWith("_total"))
          .as(metric.fullName())
          .isEqualTo(metric.kind() == Metric.Kind.COUNTER);
      if (metric.kind() == Metric.Kind.HISTOGRAM) {
        assertThat(metric.fullName()).endsWith("_seconds");
      }
    }
    assertThat(Arrays.stream(Metric.values()).map(Metric::fullName)).doesNotHaveDuplicates();
  }

  private static List<Metric> metrics(Teller process) {
    return Arrays.stream(Metric.values()).filter(metric -> metric.isOf(process)).toList();
  }
}
