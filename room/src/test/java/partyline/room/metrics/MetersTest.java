package partyline.room.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetersTest {

  private final Meters meters = new Meters(Metric.Teller.GATEWAY);

  @Test
  void what_several_tell_of_the_same_is_added_up() {
    meters.add(listener -> listener.value(Metric.STREAMS, 3, "poll"));
    meters.add(listener -> listener.value(Metric.STREAMS, 4, "poll"));

    assertThat(meters.scrape().lines())
        .contains(
            "# TYPE partyline_streams_open gauge",
            "partyline_streams_open{transport=\"poll\"} 7.0");
  }

  @Test
  void what_will_be_counted_is_there_from_the_start() {
    assertThat(meters.scrape().lines())
        .contains(
            "# TYPE partyline_goodbyes_total counter",
            "partyline_goodbyes_total{reason=\"slow\"} 0.0",
            "partyline_delivery_seconds_count 0");
  }

  @Test
  void a_histogram_counts_what_took_at_most_so_long() {
    var took = new Histogram();
    took.add(TimeUnit.MILLISECONDS.toNanos(1));
    took.add(TimeUnit.MILLISECONDS.toNanos(30), 5);
    took.add(TimeUnit.SECONDS.toNanos(20));
    took.add(-1);
    meters.add(listener -> listener.histogram(Metric.CANARY, took));

    assertThat(meters.scrape().lines())
        .contains(
            "partyline_canary_seconds_bucket{le=\"5.0E-4\"} 1",
            "partyline_canary_seconds_bucket{le=\"0.001\"} 2",
            "partyline_canary_seconds_bucket{le=\"0.025\"} 2",
            "partyline_canary_seconds_bucket{le=\"0.05\"} 7",
            "partyline_canary_seconds_bucket{le=\"10.0\"} 7",
            "partyline_canary_seconds_bucket{le=\"+Inf\"} 8",
            "partyline_canary_seconds_count 8",
            "partyline_canary_seconds_sum 20.151");
  }

  @Test
  void a_number_of_another_process_or_without_its_words_is_a_bug() {
    var worker = new Meters(Metric.Teller.WORKER);
    worker.add(listener -> listener.value(Metric.STREAMS, 1, "poll"));
    meters.add(listener -> listener.value(Metric.STREAMS, 1));

    assertThatIllegalArgumentException().isThrownBy(worker::scrape);
    assertThatIllegalArgumentException().isThrownBy(meters::scrape);
  }

  @Test
  void one_thread_counts_and_another_reads() throws Exception {
    var tally = new Tally();
    Thread counting =
        Thread.ofPlatform()
            .start(() -> {
              for (int i = 0; i < 1_000; i++) {
                tally.add(2);
              }
            });
    counting.join();

    assertThat(tally.sum()).isEqualTo(2_000);
  }
}
