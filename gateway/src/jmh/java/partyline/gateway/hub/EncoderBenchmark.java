package partyline.gateway.hub;

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
import partyline.gateway.connection.Frame;
import partyline.room.Event;
import partyline.room.EventCodec;

/** What one event costs a node before anybody hears it: unpacked from pub/sub, encoded for all. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = {"-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"})
public class EncoderBenchmark {
  private final Event event = Samples.event(17);
  private final String packed = EventCodec.pack(event);

  @Benchmark
  public Event unpack() {
    return EventCodec.unpack(event.id(), packed);
  }

  @Benchmark
  public Frame encode() {
    return Frame.of(event);
  }
}
