package partyline.deploy.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between two who talk over TCP, on this machine, and does to their bytes what bad networks
 * do. What is drawn by lot comes from the seed and from the order in which connections come, so a
 * run can be walked again.
 *
 * <p>It reads and writes sockets, so the kernel behind it goes on acknowledging: it can be silent,
 * it can't be a black hole.
 *
 * <p>All methods may be called from any thread.
 */
public final class ChaosProxy implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChaosProxy.class);

  private static final int CONNECT_MILLIS = 2_000;
  private static final int WAITING_TO_BE_ACCEPTED = 1_024;

  private final ServerSocket door;
  private final Set<Passage> passages = ConcurrentHashMap.newKeySet();

  // Guarded by this.
  private final SplittableRandom random;
  private Weather weather = Weather.CALM;

  private volatile InetSocketAddress behind;
  private volatile boolean refusing;
  private volatile Rule rule = Rule.NONE;

  /** Those whose first words hold this word have weather of their own. */
  record Rule(String word, Weather weather) {
    static final Rule NONE = new Rule("", Weather.CALM);

    boolean meets(String opening) {
      return !word.isEmpty() && opening.contains(word);
    }
  }

  /** Opens a door on a free port before a server of this machine; it is calm at first. */
  public static ChaosProxy before(int port, long seed) throws IOException {
    return new ChaosProxy(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), seed);
  }

  public static ChaosProxy before(URI server, long seed) throws IOException {
    return new ChaosProxy(new InetSocketAddress(server.getHost(), server.getPort()), seed);
  }

  private ChaosProxy(InetSocketAddress behind, long seed) throws IOException {
    this.behind = behind;
    this.random = new SplittableRandom(seed);
    this.door = new ServerSocket(0, WAITING_TO_BE_ACCEPTED, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("chaos-" + door.getLocalPort()).start(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /** As of a web server. */
  public URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  /** As of a Redis without a password. */
  public String redisUri() {
    return "redis://127.0.0.1:" + port();
  }

  /** From now on, for those who are connected and for those to come. */
  public synchronized void weather(Weather now) {
    weather = now;
    passages.forEach(passage -> passage.weather(now));
  }

  /** For those to come only. */
  public synchronized void weatherToCome(Weather next) {
    weather = next;
  }

  /**
   * From the moment at which a connection's first 8 KB hold this word, it has this weather; those
   * that do already have it at once. One word at a time; the last is forgotten.
   */
  public synchronized void whoSays(String word, Weather own) {
    var now = new Rule(word, own);
    rule = now;
    passages.stream()
        .filter(passage -> now.meets(passage.opening()))
        .forEach(passage -> passage.weather(own));
  }

  /** Those to come are all alike again. */
  public void whoeverSays() {
    rule = Rule.NONE;
  }

  /** Leads those to come to another server of this machine, as a moved address would. */
  public void leadTo(int port) {
    behind = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Whether who calls is hung up on. */
  public void refuse(boolean refuse) {
    refusing = refuse;
  }

  /** The connections through it, as of now. */
  public List<Passage> passages() {
    return List.copyOf(passages);
  }

  /** Ends every connection by a reset; new ones are let through. */
  public void cutAll() {
    passages.forEach(Passage::cut);
  }

  /** Nobody is let through any more, and who was is cut. */
  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      log.warn("the door stays open: {}", e.toString());
    }
    cutAll();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Thread.ofVirtual().start(() -> connect(client));
      } catch (IOException e) {
        if (!door.isClosed()) {
          log.warn("nobody is let through any more: {}", e.toString());
        }
        return;
      }
    }
  }

  private void connect(Socket client) {
    var server = new Socket();
    try {
      if (refusing) {
        throw new IOException("refused");
      }
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(behind, CONNECT_MILLIS);
    } catch (IOException e) {
      Passage.reset(client);
      Passage.reset(server);
      return;
    }
    Passage passage;
    synchronized (this) {
      passage = new Passage(client, server, random.split(), weather, () -> rule);
      passages.add(passage);
    }
    passage.run();
    passages.remove(passage);
    if (door.isClosed()) {
      passage.cut();
    }
  }
}
