package partyline.deploy.check.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import partyline.deploy.check.Diary;
import partyline.room.Cursor;
import partyline.room.EventId;
import partyline.room.Partitions;

/**
 * A listener that survives its nodes: it goes on from its cursor, at the next node of its list,
 * until it is closed. It runs on a virtual thread of its own.
 */
public final class Client implements AutoCloseable {
  private final Diary diary;
  private final Way way;
  private final List<Transport> transports;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  // Owned by the thread.
  private Optional<String> cursor;
  private int turn;
  private int transport;

  private volatile @Nullable HttpSocket socket;
  private volatile CountDownLatch reading = new CountDownLatch(0);

  /**
   * How a client gets to the events.
   *
   * @param nodes in the order in which it tries them, again and again
   * @param token who it is; empty = nobody
   * @param from its first cursor; empty = from now on
   * @param partitions how the cluster divides its rooms: all that the client listens to are in one
   */
  public record Way(
      List<URI> nodes,
      Optional<String> token,
      Optional<String> from,
      Pace pace,
      Partitions partitions) {

    public Way {
      nodes = List.copyOf(nodes);
    }

    public static Way to(List<URI> nodes) {
      return new Way(nodes, Optional.empty(), Optional.empty(), Pace.USUAL, Partitions.ONE);
    }

    public Way as(String bearer) {
      return new Way(nodes, Optional.of(bearer), from, pace, partitions);
    }

    public Way from(String cursor) {
      return new Way(nodes, token, Optional.of(cursor), pace, partitions);
    }

    public Way at(Pace other) {
      return new Way(nodes, token, from, other, partitions);
    }

    public Way over(Partitions divided) {
      return new Way(nodes, token, from, pace, divided);
    }
  }

  /** Listens to a stream. */
  public static Client streaming(Diary diary, Way way) {
    return new Client(diary, way, List.of(new StreamTransport(0, 0)));
  }

  /** Listens to a stream through so small a window that a node soon notices when it stops. */
  public static Client streamingNarrowly(Diary diary, Way way) {
    return new Client(diary, way, List.of(new StreamTransport(4 * 1024, 0)));
  }

  /** Polls. */
  public static Client polling(Diary diary, Way way) {
    return new Client(diary, way, List.of(new PollTransport(0)));
  }

  /** Streams and polls in turn, and changes after so many events of each, with one cursor. */
  public static Client switching(Diary diary, Way way, int events) {
    return new Client(
        diary, way, List.of(new StreamTransport(0, events), new PollTransport(events)));
  }

  private Client(Diary diary, Way way, List<Transport> transports) {
    this.diary = diary;
    this.way = way;
    this.transports = transports;
    this.cursor = way.from;
    this.thread = Thread.ofVirtual().name(diary.name()).unstarted(this::run);
  }

  public Client start() {
    thread.start();
    return this;
  }

  public Diary diary() {
    return diary;
  }

  /** Keeps the connection and reads no more from it. */
  public void stopReading() {
    reading = new CountDownLatch(1);
  }

  public void goOnReading() {
    reading.countDown();
  }

  /** Leaves, and returns when it has. */
  @Override
  public void close() {
    closing.countDown();
    goOnReading();
    HttpSocket open = socket;
    if (open != null) {
      open.close();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!isClosing()) {
      URI node = way.nodes.get(turn % way.nodes.size());
      Transport.Next next = transports.get(transport).visit(node, this);
      turn += next.elsewhere() ? 1 : 0;
      transport = (transport + (next.change() ? 1 : 0)) % transports.size();
      next.pause().ifPresent(this::pause);
    }
    disconnect();
  }

  private void pause(Duration pause) {
    try {
      var _ = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      closing.countDown();
    }
  }

  // --- What its transports need ----------------------------------------------------------------

  Way way() {
    return way;
  }

  Optional<String> cursor() {
    return cursor;
  }

  /** Where it says by its cursor that it stands; empty = from now on. */
  Optional<EventId> standsAt() {
    return cursor.flatMap(text -> Cursor.parse(text, way.partitions)).map(this::its);
  }

  /** What a cursor says of where its rooms are. */
  EventId place(String text) throws ProtocolFault {
    if (way.partitions.isOne()) {
      return Wire.id(text);
    }
    return Cursor.parse(text, way.partitions)
        .filter(at -> !at.isSingle())
        .map(this::its)
        .orElseThrow(() -> new ProtocolFault("not a cursor: " + text));
  }

  private EventId its(Cursor at) {
    return at.in(way.partitions.of(diary.rooms().iterator().next()));
  }

  void moveTo(Optional<String> place) {
    cursor = place;
  }

  boolean isClosing() {
    return closing.getCount() == 0;
  }

  /** The open connection to that node, or a new one. */
  HttpSocket connect(URI node, int receiveBuffer) throws IOException {
    HttpSocket open = socket;
    if (open != null && open.node().equals(node)) {
      return open;
    }
    disconnect();
    var opened = new HttpSocket(node, way.pace.connectWithin(), receiveBuffer);
    socket = opened;
    if (isClosing()) {
      disconnect();
      throw new IOException("closed meanwhile");
    }
    return opened;
  }

  void disconnect() {
    HttpSocket open = socket;
    if (open != null) {
      open.close();
      socket = null;
    }
  }

  void awaitReading() {
    try {
      reading.await();
    } catch (InterruptedException e) {
      closing.countDown();
    }
  }
}
