package partyline.gateway.hub;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import partyline.room.Cursor;

/** What a cursor costs to read, be it ours or a stranger's. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class CursorBenchmark {
  private final String ours = Samples.id(17).toString();
  private final String longest = "9".repeat(512);

  @Benchmark
  public Optional<Cursor> ours() {
    return Cursor.parse(ours);
  }

  @Benchmark
  public Optional<Cursor> garbage() {
    return Cursor.parse(longest);
  }
}
