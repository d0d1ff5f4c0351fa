package partyline.room.metrics;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import partyline.room.metrics.Metric.Label;
import partyline.room.metrics.Metric.Teller;

/** One scrape: what all sources tell, added up, in the words of Prometheus' client library. */
final class Telling implements Source.Listener {

  private static final String TOTAL = "_total";

  /** What was told under one set of words. */
  private static final class Sum {
    private final long[] counts = new long[Histogram.buckets()];
    private double value;
  }

  private final Map<Metric, Map<List<String>, Sum>> told = new EnumMap<>(Metric.class);

  /** Begins with a zero for everything of which it is known beforehand that it will be told. */
  Telling(Teller process) {
    for (Metric metric : Metric.values()) {
      if (metric.isOf(process) && isOurs(metric)) {
        told.put(metric, new LinkedHashMap<>());
        zero(metric);
      }
    }
  }

  MetricSnapshots of(List<Source> sources) {
    sources.forEach(source -> source.tell(this));
    var snapshots = new ArrayList<MetricSnapshot>(told.size());
    told.forEach((metric, sums) -> {
      if (!sums.isEmpty()) {
        snapshots.add(snapshot(metric, sums));
      }
    });
    return new MetricSnapshots(snapshots);
  }

  @Override
  public void value(Metric metric, double value, String... words) {
    sum(metric, words).value += value;
  }

  @Override
  public void histogram(Metric metric, Histogram histogram, String... words) {
    Sum sum = sum(metric, words);
    for (int i = 0; i < sum.counts.length; i++) {
      sum.counts[i] += histogram.count(i);
    }
    sum.value += histogram.sumSeconds();
  }

  private Sum sum(Metric metric, String... words) {
    Map<List<String>, Sum> sums = told.get(metric);
    if (sums == null || words.length != metric.labels().size()) {
      throw new IllegalArgumentException(metric + " is not told so here");
    }
    return sums.computeIfAbsent(List.of(words), any -> new Sum());
  }

  /** The others are told by the library itself. */
  private static boolean isOurs(Metric metric) {
    return metric.fullName().startsWith("partyline_");
  }

  private void zero(Metric metric) {
    List<Label> labels = metric.labels();
    if (labels.isEmpty()) {
      value(metric, 0);
    } else if (labels.size() == 1) {
      labels.getFirst().words().forEach(word -> value(metric, 0, word));
    }
  }

  private static MetricSnapshot snapshot(Metric metric, Map<List<String>, Sum> sums) {
    return switch (metric.kind()) {
      case COUNTER -> {
        String name = metric.fullName();
        var counter =
            CounterSnapshot.builder()
                .name(name.substring(0, name.length() - TOTAL.length()))
                .help(metric.meaning());
        sums.forEach((words, sum) ->
            counter.dataPoint(
                CounterDataPointSnapshot.builder()
                    .labels(labels(metric, words))
                    .value(sum.value)
                    .build()));
        yield counter.build();
      }
      case GAUGE -> {
        var gauge = GaugeSnapshot.builder().name(metric.fullName()).help(metric.meaning());
        sums.forEach((words, sum) ->
            gauge.dataPoint(
                GaugeDataPointSnapshot.builder()
                    .labels(labels(metric, words))
                    .value(sum.value)
                    .build()));
        yield gauge.build();
      }
      case HISTOGRAM -> {
        var histogram = HistogramSnapshot.builder().name(metric.fullName()).help(metric.meaning());
        sums.forEach((words, sum) ->
            histogram.dataPoint(
                HistogramDataPointSnapshot.builder()
                    .labels(labels(metric, words))
                    .classicHistogramBuckets(buckets(sum))
                    .sum(sum.value)
                    .build()));
        yield histogram.build();
      }
    };
  }

  private static ClassicHistogramBuckets buckets(Sum sum) {
    var buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < sum.counts.length; i++) {
      buckets.bucket(Histogram.boundSeconds(i), sum.counts[i]);
    }
    return buckets.build();
  }

  private static Labels labels(Metric metric, List<String> words) {
    return Labels.of(metric.labels().stream().map(Label::name).toList(), words);
  }
}
