package partyline.deploy.herd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/**
 * A PING every 5 ms, by a process of its own that does nothing else: how long anybody waits for
 * Redis. One that is due while another waits counts from when it was due, or long waits would hide
 * behind few samples.
 */
final class Pulse implements AutoCloseable {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final byte[] PING = "PING\r\n".getBytes(US_ASCII);

  private final Process process;

  /** Begins to ask. The process ends with this one, as its standard input does. */
  Pulse(int redisPort) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Pulse.class.getName(),
                Integer.toString(redisPort))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  /**
   * How long Redis let somebody wait.
   *
   * @param pings how often it was asked
   */
  record Waits(int pings, double p50Millis, double p99Millis, double longestMillis) {

    static Waits of(long[] nanos) {
      long[] sorted = nanos.clone();
      Arrays.sort(sorted);
      return new Waits(sorted.length, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1));
    }

    private static double at(long[] sorted, double share) {
      if (sorted.length == 0) {
        return Double.NaN;
      }
      int place = (int) Math.ceil(share * sorted.length) - 1;
      return sorted[Math.clamp(place, 0, sorted.length - 1)] / 1e6;
    }

    @Override
    public String toString() {
      return "p50 %.1f ms, p99 %.1f ms, longest %.1f ms of %d"
          .formatted(p50Millis, p99Millis, longestMillis, pings);
    }
  }

  /** Asks no more, and says what it found. */
  Waits stop() throws IOException {
    process.getOutputStream().close();
    String found = new String(process.getInputStream().readAllBytes(), UTF_8);
    return Waits.of(found.lines().mapToLong(Long::parseLong).toArray());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Pings until standard input ends, then writes each wait in nanoseconds on a line. */
  public static void main(String[] args) throws IOException, InterruptedException {
    var stopping = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (System.in.read() >= 0) {
              // Nothing is said to us but the end.
            }
          } catch (IOException e) {
            System.err.println(e);
          }
          stopping.countDown();
        });
    LongStream waits = pings(Integer.parseInt(args[0]), stopping);
    var text = new StringBuilder();
    waits.forEach(wait -> text.append(wait).append('\n'));
    System.out.print(text);
  }

  private static LongStream pings(int port, CountDownLatch stopping)
      throws IOException, InterruptedException {
    var waits = LongStream.builder();
    try (var socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(60_000);
      InputStream answers = socket.getInputStream();
      long due = System.nanoTime();
      while (!stopping.await(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        socket.getOutputStream().write(PING);
        while (answers.read() != '\n') {
          // The rest of +PONG.
        }
        waits.add(System.nanoTime() - due);
        due += EVERY_NANOS;
      }
    }
    return waits.build();
  }
}
