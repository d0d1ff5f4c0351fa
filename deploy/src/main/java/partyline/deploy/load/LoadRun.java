package partyline.deploy.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** One load from its first connection to its result: connect all, publish, wait for the last. */
public final class LoadRun {
  private static final int RUN_LETTERS = 10;
  private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(60);
  private static final Duration POST_PATIENCE = Duration.ofSeconds(30);

  /** After the last post: as long as deliveries still come, and so long without one. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private static final Duration LAST_WORDS = Duration.ofSeconds(25);
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration PROGRESS_EVERY = Duration.ofSeconds(1);
  private static final int ANSWER_MILLIS = 3_000;

  private final LoadPlan plan;
  private final Consumer<String> says;
  private final String run = randomName();

  private volatile boolean enough;
  private long begun;
  private long saidAt;
  private long saidEvents;
  private long saidAcked;

  /**
   * @param says hears a line of progress a second
   */
  public LoadRun(LoadPlan plan, Consumer<String> says) {
    this.plan = plan;
    this.says = says;
  }

  /**
   * Runs it; takes as long as the plan says, and up to two minutes more if the cluster is slow.
   *
   * @throws LoadException if it could not run at all
   */
  public LoadResult run() throws InterruptedException {
    plan.urls().forEach(LoadRun::mustAnswer);
    Instant startedAt = Instant.now();
    var badges = new Badges(plan.identity());
    begun = System.nanoTime();
    try (var parts = new Parts(plan, run);
        var publishers = new Publishers(plan, run, badges)) {
      boolean ready = connect(parts, publishers);
      long connectMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
      if (ready) {
        publish(parts, publishers);
        awaitLast(parts, publishers);
      }
      parts.askToEnd();
      awaitLastWords(parts);
      List<Long> acked = IntStream.range(0, plan.rooms()).mapToObj(publishers::ackedOf).toList();
      return new LoadResult(
          plan,
          startedAt,
          connectMillis,
          publishers.posts(),
          acked,
          parts.sum(),
          parts.latencies());
    }
  }

  /** Ends it before its time: what is due by now is still posted and awaited. Any thread. */
  public void finish() {
    enough = true;
  }

  private boolean connect(Parts parts, Publishers publishers) throws InterruptedException {
    Duration patience =
        CONNECT_PATIENCE.plusSeconds(plan.streams() / Math.max(1, plan.connectsPerSecond()));
    while (parts.sum().ready() < plan.streams()) {
      if (System.nanoTime() - begun > patience.toNanos()) {
        return false;
      }
      pause(parts, publishers);
    }
    return true;
  }

  private void publish(Parts parts, Publishers publishers) throws InterruptedException {
    publishers.start();
    long patience =
        Duration.ofSeconds(plan.warmupSeconds() + plan.seconds()).plus(POST_PATIENCE).toNanos();
    long start = System.nanoTime();
    while (!publishers.endWithin(0) && System.nanoTime() - start < patience) {
      if (enough) {
        publishers.stop();
      }
      pause(parts, publishers);
    }
  }

  private void awaitLast(Parts parts, Publishers publishers) throws InterruptedException {
    long heard = -1;
    long heardAt = System.nanoTime();
    while (parts.sum().count(PartReport.Count.EVENTS) < publishers.expectedDeliveries()) {
      long now = parts.sum().count(PartReport.Count.EVENTS);
      if (now > heard) {
        heard = now;
        heardAt = System.nanoTime();
      } else if (System.nanoTime() - heardAt > SILENCE.toNanos()) {
        return;
      }
      pause(parts, publishers);
    }
  }

  private static void awaitLastWords(Parts parts) {
    long start = System.nanoTime();
    while (!parts.sum().last() && System.nanoTime() - start < LAST_WORDS.toNanos()) {
      LockSupport.parkNanos(TICK.toNanos());
    }
  }

  private void pause(Parts parts, Publishers publishers) throws InterruptedException {
    Thread.sleep(TICK);
    parts.mustLive();
    long now = System.nanoTime();
    if (now - Math.max(saidAt, begun) >= PROGRESS_EVERY.toNanos()) {
      say(parts, publishers, now);
    }
  }

  private void say(Parts parts, Publishers publishers, long now) {
    PartReport listeners = parts.sum();
    Publishers.Posts posts = publishers.posts();
    double seconds = (now - Math.max(saidAt, begun)) / 1e9;
    long events = listeners.count(PartReport.Count.EVENTS);
    says.accept(
        String.format(
            Locale.ROOT,
            "%4d s  %d open  %.0f posts/s  %.0f deliveries/s  %s  %d behind  %d gaps",
            TimeUnit.NANOSECONDS.toSeconds(now - begun),
            listeners.open(),
            (posts.acked() - saidAcked) / seconds,
            (events - saidEvents) / seconds,
            LoadResult.shown(parts.latest()),
            Math.max(0, posts.due() - posts.acked()),
            listeners.count(PartReport.Count.GAPS)));
    saidAt = now;
    saidEvents = events;
    saidAcked = posts.acked();
  }

  /** Whether all of these places are on this machine. */
  public static boolean isLocal(List<URI> urls) {
    return urls.stream()
        .allMatch(url -> {
          try {
            for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
              if (!address.isLoopbackAddress()) {
                return false;
              }
            }
            return true;
          } catch (UnknownHostException e) {
            return false;
          }
        });
  }

  private static void mustAnswer(URI url) {
    int port = url.getPort() >= 0 ? url.getPort() : url.getScheme().equals("https") ? 443 : 80;
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), port), ANSWER_MILLIS);
    } catch (IOException | IllegalArgumentException e) {
      throw new LoadException(
          "Nobody answers at "
              + url
              + ": start a cluster with `partyline up`, or name its gateways with --url.",
          e);
    }
  }

  /** Letters only: it begins room names and marks. */
  private static String randomName() {
    var name = new StringBuilder();
    var random = new SecureRandom();
    for (int i = 0; i < RUN_LETTERS; i++) {
      name.append((char) ('a' + random.nextInt(26)));
    }
    return name.toString();
  }
}
