package partyline.deploy.herd;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToLongFunction;

/**
 * A PING every 5 ms, by a process of its own that does nothing else: how long anybody waits for
 * Redis. One that is due while another waits counts from when it was due, or long waits would hide
 * behind few samples.
 *
 * <p>Where clients, gateways and Redis share processors, an answer may be late although Redis had
 * nothing to do before it: it, or who asked, was not given one. {@link RunQueue} knows, and what is
 * left without that is what the work given to Redis costs others.
 */
final class Pulse implements AutoCloseable {
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final byte[] PING = "PING\r\n".getBytes(US_ASCII);

  private final Process process;

  /** Begins to ask. The process ends with this one, as its standard input does. */
  Pulse(int redisPort, long redisPid) throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Pulse.class.getName(),
                Integer.toString(redisPort),
                Long.toString(redisPid))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
  }

  /**
   * One answer.
   *
   * @param nanos since it was due
   * @param ownNanos of these, those in which neither Redis nor who asked waited for a processor
   */
  record Wait(long nanos, long ownNanos) {

    static Wait parse(String line) {
      int space = line.indexOf(' ');
      return new Wait(
          Long.parseLong(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
    }
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

  /**
   * What it found.
   *
   * @param all as somebody felt it
   * @param own what is left of it without waits for a processor
   */
  record Found(Waits all, Waits own) {

    static Found of(List<Wait> waits) {
      return new Found(waits(waits, Wait::nanos), waits(waits, Wait::ownNanos));
    }

    private static Waits waits(List<Wait> waits, ToLongFunction<Wait> what) {
      return Waits.of(waits.stream().mapToLong(what).toArray());
    }
  }

  long pid() {
    return process.pid();
  }

  /** What it found until now counts no more. */
  void beginAnew() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /** Asks no more, and says what it found. */
  Found stop() throws IOException {
    process.getOutputStream().close();
    String found = new String(process.getInputStream().readAllBytes(), UTF_8);
    return Found.of(found.lines().map(Wait::parse).toList());
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Pings until standard input ends, then writes each wait on a line; a word of it begins anew. */
  public static void main(String[] args) throws IOException, InterruptedException {
    var stopping = new CountDownLatch(1);
    var anew = new AtomicBoolean();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (System.in.read() >= 0) {
              anew.set(true);
            }
          } catch (IOException e) {
            System.err.println(e);
          }
          stopping.countDown();
        });
    var text = new StringBuilder();
    try (var redis = RunQueue.of(Long.parseLong(args[1]));
        var self = RunQueue.ofThisThread()) {
      ask(Integer.parseInt(args[0]), redis, self, stopping, anew, text);
    }
    System.out.print(text);
  }

  private static void ask(
      int port,
      RunQueue redis,
      RunQueue self,
      CountDownLatch stopping,
      AtomicBoolean anew,
      StringBuilder text)
      throws IOException, InterruptedException {
    try (var socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(60_000);
      InputStream answers = socket.getInputStream();
      var clock = new OwnClock(System.nanoTime());
      long due = clock.now();
      while (!stopping.await(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        if (anew.getAndSet(false)) {
          text.setLength(0);
        }
        // That nobody asked in between is nobody's wait.
        clock.goOn(System.nanoTime(), 0);
        long redisBefore = redis.waitedNanos();
        long selfBefore = self.waitedNanos();
        socket.getOutputStream().write(PING);
        while (answers.read() != '\n') {
          // The rest of +PONG.
        }
        long waited = Math.max(redis.waitedNanos() - redisBefore, self.waitedNanos() - selfBefore);
        clock.goOn(System.nanoTime(), waited);
        text.append(clock.now() - due).append(' ').append(clock.ownSince(due)).append('\n');
        due += EVERY_NANOS;
      }
    }
  }
}
