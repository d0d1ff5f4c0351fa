package partyline.gateway.hub;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import partyline.gateway.connection.Frame;
import partyline.room.EventId;
import partyline.room.Limits;

/** A full ring: what every event and every resume costs it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class RingBenchmark {
  private final Frame[] frames = new Frame[2 * Limits.RING_EVENTS];
  private final Ring ring = new Ring(EventId.ZERO);
  private int next;
  private int asked;

  @Setup
  public void fill() {
    for (int i = 0; i < frames.length; i++) {
      frames[i] = Frame.of(Samples.event(i));
      ring.append(frames[i]);
    }
  }

  /** Evicts the oldest each time. The order of ids does not matter to it. */
  @Benchmark
  public long append() {
    ring.append(frames[next++ & (frames.length - 1)]);
    return ring.end();
  }

  /** Where a client that comes back with some id goes on. */
  @Benchmark
  public long find() {
    return ring.after(frames[Limits.RING_EVENTS + (asked++ * 31 & (Limits.RING_EVENTS - 1))].id());
  }
}
