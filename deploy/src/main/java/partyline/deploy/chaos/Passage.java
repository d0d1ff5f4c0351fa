package partyline.deploy.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import partyline.deploy.chaos.Wind.Ending;

/** One connection through a {@link ChaosProxy}, and the weather it has. Thread-safe. */
public final class Passage {
  private static final int OPENING_BYTES = 8 * 1024;
  private static final int PIECE_BYTES = 8 * 1024;

  /** What is on its way at most: a reader that stops must still be felt by the sender. */
  private static final int PIECES_ON_THE_WAY = 32;

  private final Socket client;
  private final Socket server;
  private final Supplier<ChaosProxy.Rule> rule;
  private final Direction toServer;
  private final Direction toClient;

  /**
   * @param rule what makes it different from others, by what it says first
   */
  Passage(
      Socket client,
      Socket server,
      SplittableRandom random,
      Weather weather,
      Supplier<ChaosProxy.Rule> rule) {
    this.rule = rule;
    this.client = client;
    this.server = server;
    this.toServer = new Direction(client, server, random.split(), weather.toServer());
    this.toClient = new Direction(server, client, random.split(), weather.toClient());
  }

  /** From now on. */
  public void weather(Weather now) {
    toServer.wind = now.toServer();
    toClient.wind = now.toClient();
  }

  /** The first that who called has said, up to 8 KB of it: tells one connection from another. */
  public String opening() {
    return toServer.opening();
  }

  /** How many bytes the server has sent, those that were swallowed included. */
  public long bytesFromServer() {
    return toClient.bytes.get();
  }

  /** How many bytes the client has sent, those that were swallowed included. */
  public long bytesFromClient() {
    return toServer.bytes.get();
  }

  /** Ends it by a reset, to both sides. */
  public void cut() {
    reset(client);
    reset(server);
    toServer.hurry();
    toClient.hurry();
  }

  /** Returns when both directions have ended. */
  void run() {
    Thread back = Thread.ofVirtual().start(toClient::pass);
    toServer.pass();
    try {
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    // No reset: what was written last may not have left yet.
    close(client);
    close(server);
  }

  static void reset(Socket socket) {
    try {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
      }
    } catch (IOException e) {
      // Closed meanwhile.
      assert socket.isClosed();
    }
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
      assert socket.isClosed();
    }
  }

  /** Bytes that are on their way, or instead of them an end. */
  private static final class Piece {
    private final byte[] bytes;
    private final long dueNanos;
    private final @Nullable Ending end;

    Piece(byte[] bytes, long dueNanos) {
      this.bytes = bytes;
      this.dueNanos = dueNanos;
      this.end = null;
    }

    Piece(Ending end, long dueNanos) {
      this.bytes = new byte[0];
      this.dueNanos = dueNanos;
      this.end = end;
    }
  }

  /** One half: a thread that reads, and one that lets go what is due. */
  private final class Direction {
    private final Socket from;
    private final Socket to;
    private final BlockingQueue<Piece> way = new ArrayBlockingQueue<>(PIECES_ON_THE_WAY);
    private final ByteArrayOutputStream opening = new ByteArrayOutputStream();

    private volatile Wind wind;
    private volatile @Nullable Thread letting;
    private final AtomicLong bytes = new AtomicLong();

    // Owned by the thread that reads.
    private final SplittableRandom random;
    private @Nullable Wind drawnFor;
    private long endsAt;
    private long lastDueNanos = System.nanoTime();

    // Owned by the thread that lets go.
    private final SplittableRandom stalls;

    Direction(Socket from, Socket to, SplittableRandom random, Wind wind) {
      this.from = from;
      this.to = to;
      this.random = random;
      this.stalls = random.split();
      this.wind = wind;
    }

    String opening() {
      synchronized (opening) {
        return opening.toString(ISO_8859_1);
      }
    }

    void pass() {
      Thread reading = Thread.currentThread();
      Thread letsGo = Thread.ofVirtual().start(() -> letGo(reading));
      letting = letsGo;
      try {
        read();
      } catch (IOException e) {
        // An end that is swallowed is heard of by nobody, until somebody cuts the connection.
        if (!wind.swallows()) {
          cut();
        }
      } catch (InterruptedException e) {
        // The other end is gone.
        assert to.isClosed();
      }
      if (from.isClosed()) {
        hurry();
      }
      try {
        letsGo.join();
      } catch (InterruptedException e) {
        assert to.isClosed();
      }
    }

    /** Nobody waits any more for what is on its way. */
    void hurry() {
      Thread now = letting;
      if (now != null) {
        now.interrupt();
      }
    }

    private void read() throws IOException, InterruptedException {
      var buffer = new byte[PIECE_BYTES];
      while (true) {
        int count = from.getInputStream().read(buffer);
        Wind now = wind;
        if (count < 0 && now.swallows()) {
          return;
        }
        if (count < 0) {
          way.put(new Piece(Ending.HALF_CLOSE, dueNanos(now)));
          return;
        }
        note(buffer, count);
        long before = bytes.getAndAdd(count);
        long end = endsAt(now, before);
        if (end <= before + count) {
          send(Arrays.copyOf(buffer, (int) (end - before)), now);
          way.put(new Piece(now.ending(), dueNanos(now)));
          skipRest(buffer);
          return;
        }
        send(Arrays.copyOf(buffer, count), now);
      }
    }

    private void send(byte[] piece, Wind now) throws InterruptedException {
      if (!now.swallows() && piece.length > 0) {
        way.put(new Piece(piece, dueNanos(now)));
      }
    }

    /** Drawn once for each weather. */
    private long endsAt(Wind now, long passed) {
      if (!now.equals(drawnFor)) {
        drawnFor = now;
        endsAt =
            now.endsWithinBytes() == 0
                ? Long.MAX_VALUE
                : passed + 1 + random.nextInt(now.endsWithinBytes());
      }
      return endsAt;
    }

    private long dueNanos(Wind now) {
      int jitter = now.jitterMillis() == 0 ? 0 : random.nextInt(now.jitterMillis() + 1);
      long due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(now.latencyMillis() + jitter);
      lastDueNanos = lastDueNanos - due > 0 ? lastDueNanos : due;
      return lastDueNanos;
    }

    /** The sender knows nothing of its end, and must not be stopped by a full pipe. */
    private void skipRest(byte[] buffer) throws IOException {
      for (int count = 0; count >= 0; count = from.getInputStream().read(buffer)) {
        bytes.addAndGet(count);
      }
    }

    private void note(byte[] buffer, int count) {
      boolean heardAll;
      synchronized (opening) {
        heardAll = opening.size() == OPENING_BYTES;
        opening.write(buffer, 0, Math.min(count, OPENING_BYTES - opening.size()));
      }
      ChaosProxy.Rule now = rule.get();
      if (!heardAll && from.equals(client) && now.meets(opening())) {
        weather(now.weather());
      }
    }

    private void letGo(Thread reading) {
      try {
        Piece piece = way.take();
        for (; piece.end == null; piece = way.take()) {
          awaitDue(piece);
          stall();
          write(piece.bytes);
        }
        awaitDue(piece);
        if (piece.end == Ending.CUT) {
          cut();
        } else {
          to.shutdownOutput();
        }
      } catch (IOException e) {
        cut();
        reading.interrupt();
      } catch (InterruptedException e) {
        // Nobody waits for what is on its way.
        assert from.isClosed() || to.isClosed();
      }
    }

    private void awaitDue(Piece piece) throws InterruptedException {
      for (long wait = piece.dueNanos - System.nanoTime();
          wait > 0;
          wait = piece.dueNanos - System.nanoTime()) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
    }

    private void stall() throws InterruptedException {
      Wind now = wind;
      if (now.stallPercent() > 0 && stalls.nextInt(100) < now.stallPercent()) {
        TimeUnit.MILLISECONDS.sleep(now.stallMillis());
      }
    }

    private void write(byte[] piece) throws IOException {
      if (!wind.crumbs()) {
        to.getOutputStream().write(piece);
        return;
      }
      for (byte each : piece) {
        to.getOutputStream().write(each);
      }
    }
  }
}
