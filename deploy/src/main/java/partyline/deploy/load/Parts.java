package partyline.deploy.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.HdrHistogram.Histogram;
import partyline.room.process.ChildProcess;

/** The processes that hold the listeners, and the sum of what they report. Thread-safe. */
final class Parts implements AutoCloseable {
  private static final int LINES_KEPT = 5;

  private final List<One> parts = new ArrayList<>();

  // Guarded by this.
  private final Histogram all = Latencies.empty();
  private Histogram sinceAsked = Latencies.empty();

  /** A process, and the last it has said. */
  private final class One {
    private final List<String> lines = new ArrayList<>();
    private final ChildProcess process;
    private volatile PartReport report = PartReport.nothing().unfinished();

    One(Part.Assignment assignment) throws IOException {
      process = assignment.start(this::hear);
    }

    private void hear(String line) {
      Optional<PartReport> said = PartReport.parse(line);
      if (said.isEmpty()) {
        synchronized (lines) {
          if (lines.size() < LINES_KEPT) {
            lines.add(line);
          }
        }
        return;
      }
      add(Latencies.decode(said.get().latencies()));
      report = said.get();
    }
  }

  Parts(LoadPlan plan, String run) {
    try {
      for (int i = 0; i < plan.processes(); i++) {
        parts.add(new One(new Part.Assignment(plan, run, i)));
      }
    } catch (IOException e) {
      close();
      throw new LoadException("A process for the load cannot be started: " + e, e);
    }
  }

  private synchronized void add(Histogram interval) {
    all.add(interval);
    sinceAsked.add(interval);
  }

  /** Everything that was told so far. */
  PartReport sum() {
    return parts.stream().map(part -> part.report).reduce(PartReport.nothing(), PartReport::and);
  }

  /** Of all timed messages. */
  synchronized Histogram latencies() {
    return all.copy();
  }

  /** Of those since the last call. */
  synchronized Histogram latest() {
    Histogram latest = sinceAsked;
    sinceAsked = Latencies.empty();
    return latest;
  }

  /** Throws when a process has ended without a last word. */
  void mustLive() {
    for (One part : parts) {
      if (!part.process.isAlive() && !part.report.last()) {
        synchronized (part.lines) {
          throw new LoadException(
              "A process of the load has ended, exit code "
                  + part.process.onExit().join()
                  + ". It said: "
                  + String.join(" ", part.lines));
        }
      }
    }
  }

  void askToEnd() {
    parts.forEach(part -> part.process.askToEnd());
  }

  @Override
  public void close() {
    parts.forEach(part -> part.process.kill());
  }
}
