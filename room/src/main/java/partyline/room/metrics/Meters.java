package partyline.room.metrics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import partyline.room.Timeline;
import partyline.room.metrics.Metric.Teller;

/**
 * What {@code /metrics} answers: asks all sources, and tells it as Prometheus reads it.
 *
 * <p>Nothing is kept here. Whoever counts owns the count, and a scrape is the only one who pays for
 * names, labels and text; so the libraries behind it are loaded with the first one, and cost the
 * start nothing. Thread-safe.
 */
public final class Meters {

  /** What the answer is, for its header. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final Teller process;
  private final List<Source> sources = new CopyOnWriteArrayList<>(List.of(new OwnProcess()));
  private @Nullable PrometheusMeterRegistry registry;

  public Meters(Teller process) {
    this.process = process;
  }

  public void add(Source source) {
    sources.add(source);
  }

  /** The same for the other nodes, without what only Prometheus' library knows. */
  public ObjectNode report(Timeline timeline) {
    return Report.of(sources, timeline);
  }

  /** Everything as of now. */
  public synchronized String scrape() {
    if (registry == null) {
      registry = open();
    }
    return registry.scrape();
  }

  private PrometheusMeterRegistry open() {
    var opened = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(opened);
    new ProcessorMetrics().bindTo(opened);
    new FileDescriptorMetrics().bindTo(opened);
    new UptimeMetrics().bindTo(opened);
    opened.getPrometheusRegistry().register(() -> new Telling(process).of(sources));
    return opened;
  }
}
