package partyline.deploy.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import partyline.room.Json;
import partyline.room.process.ChildCommand;
import partyline.room.process.ChildProcess;

/**
 * A process that holds listeners. It begins at once, reports on standard output every second, and
 * on SIGTERM once more and ends.
 */
public final class Part {
  private static final String ASSIGNMENT = "PARTYLINE_LOAD_ASSIGNMENT";
  private static final Duration REPORT_EVERY = Duration.ofSeconds(1);
  private static final Duration OPEN_EVERY = Duration.ofMillis(5);
  private static final Duration END_WITHIN = Duration.ofSeconds(20);

  private final Assignment assignment;
  private final Shared shared;
  private final List<Subscriber> subscribers = new ArrayList<>();
  private final CountDownLatch ending = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * What a part is told, through its environment: arguments can be read by everybody.
   *
   * @param run begins all marks and rooms of this run
   * @param part which part of the plan it is
   */
  record Assignment(LoadPlan plan, String run, int part) {

    /** Starts a process for it. */
    ChildProcess start(Consumer<String> lines) throws IOException {
      return ChildCommand.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-XX:+UseSerialGC",
              "-XX:+UseCompactObjectHeaders",
              "-XX:+ExitOnOutOfMemoryError",
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-cp",
              System.getProperty("java.class.path"),
              Part.class.getName())
          .with(ASSIGNMENT, Json.line(Json.MAPPER.valueToTree(this)))
          .tellingLinesTo(lines)
          .start();
    }
  }

  /** What its subscribers have in common. */
  record Shared(
      LoadPlan plan, String run, Network network, Badges badges, Tally tally, Mark.Finder finder) {}

  public static void main(String[] args) throws JsonProcessingException, InterruptedException {
    String text = System.getenv(ASSIGNMENT);
    if (text == null) {
      throw new IllegalStateException("only `partyline load` starts this");
    }
    var part = new Part(Json.MAPPER.readValue(text, Assignment.class));
    Runtime.getRuntime().addShutdownHook(new Thread(part::end, "end"));
    part.run();
  }

  private Part(Assignment assignment) {
    this.assignment = assignment;
    LoadPlan plan = assignment.plan;
    this.shared =
        new Shared(
            plan,
            assignment.run,
            new Network(plan, Runtime.getRuntime().availableProcessors()),
            new Badges(plan.identity()),
            new Tally(),
            new Mark.Finder(assignment.run));
  }

  private void run() throws InterruptedException {
    long start = System.nanoTime();
    long reported = start;
    while (!ending.await(OPEN_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      long now = System.nanoTime();
      openUntil(now - start);
      if (now - reported >= REPORT_EVERY.toNanos()) {
        reported = now;
        say(shared.tally.report(Map.of(), false));
      }
    }
    shared.network.close();
    // No loop runs any more, so what they owned may be looked at.
    say(shared.tally.report(heard(), true));
    ended.countDown();
  }

  /** As many as should be open by now: connecting is an open loop too. */
  private void openUntil(long nanos) {
    LoadPlan plan = assignment.plan;
    double perSecond = (double) plan.connectsPerSecond() / plan.processes();
    int first = plan.firstOf(assignment.part);
    int all = plan.firstOf(assignment.part + 1) - first;
    long wanted = Math.min(all, (long) (perSecond * nanos / 1e9) + 1);
    while (subscribers.size() < wanted) {
      var subscriber = new Subscriber(first + subscribers.size(), shared);
      subscribers.add(subscriber);
      subscriber.start();
    }
  }

  private Map<Integer, Map<Long, Integer>> heard() {
    var heard = new HashMap<Integer, Map<Long, Integer>>();
    for (Subscriber subscriber : subscribers) {
      heard
          .computeIfAbsent(subscriber.room(), _ -> new HashMap<>())
          .merge(subscriber.check().distinct(), 1, Integer::sum);
    }
    return heard;
  }

  private static void say(PartReport report) {
    System.out.println(report.line());
    System.out.flush();
  }

  private void end() {
    ending.countDown();
    try {
      var _ = ended.await(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
