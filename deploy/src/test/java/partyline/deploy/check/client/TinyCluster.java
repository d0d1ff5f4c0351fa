package partyline.deploy.check.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import partyline.deploy.check.Truth;
import partyline.deploy.check.Truth.Entry;
import partyline.deploy.check.client.ScriptedNode.Request;
import partyline.room.Epoch;
import partyline.room.Epochs;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.RoomId;

/**
 * Nodes that keep the protocol over a log in memory, and cut every connection at a random byte: the
 * least that clients and judge can be tried on before a real cluster is.
 */
final class TinyCluster implements AutoCloseable {
  private final List<ScriptedNode> nodes = new ArrayList<>();
  private final Random random = new Random(42);
  private final int cutWithin;

  // Guarded by this.
  private final List<Entry> log = new ArrayList<>();
  private final Map<String, Entry> byKey = new HashMap<>();

  /** What a broken node makes of the events it should tell. */
  volatile UnaryOperator<List<Entry>> tells = UnaryOperator.identity();

  /**
   * @param cutWithin bytes after which an answer is cut at the latest; 0 = none is
   */
  TinyCluster(int size, int cutWithin) throws IOException {
    this.cutWithin = cutWithin;
    for (int i = 0; i < size; i++) {
      nodes.add(new ScriptedNode(this::serve));
    }
  }

  List<URI> urls() {
    return nodes.stream().map(ScriptedNode::url).toList();
  }

  synchronized Truth truth() {
    var epoch = new Epoch(EventId.ZERO, new EventId(1, 0));
    return new Truth(EventId.ZERO, List.copyOf(log), new Epochs(List.of(epoch)));
  }

  private boolean serve(Request request, OutputStream socket)
      throws IOException, InterruptedException {
    OutputStream out = cutWithin == 0 ? socket : new Cutting(socket, cut());
    if (request.method().equals("POST")) {
      post(request, out);
      return true;
    }
    if (request.header("accept").equals("application/json")) {
      poll(request, out);
      return true;
    }
    stream(request, out);
    return false;
  }

  private synchronized int cut() {
    return random.nextInt(cutWithin);
  }

  private void post(Request request, OutputStream out) throws IOException {
    var room = new RoomId(request.target().split("/")[3]);
    String key = Json.MAPPER.readTree(request.body()).path("client_msg_id").asText();
    Entry entry;
    boolean replayed;
    synchronized (this) {
      replayed = byKey.containsKey(room + key);
      entry = byKey.computeIfAbsent(room + key, _ -> append(room, key));
    }
    String head = replayed ? "200 OK\r\nIdempotent-Replayed: true" : "201 Created";
    answer(out, head, "{\"id\":\"%s\",\"room\":\"%s\"}".formatted(entry.id(), room));
  }

  private synchronized Entry append(RoomId room, String key) {
    Entry before =
        log.reversed().stream().filter(e -> e.room().equals(room)).findFirst().orElse(null);
    var entry =
        new Entry(
            new EventId(2 + log.size(), 0),
            room,
            "ada",
            key,
            before == null ? EventId.ZERO : before.id(),
            before == null ? 1 : before.number() + 1);
    log.add(entry);
    notifyAll();
    return entry;
  }

  private void poll(Request request, OutputStream out) throws IOException, InterruptedException {
    String since = parameter(request, "since");
    EventId cursor = last();
    List<Entry> events = List.of();
    if (!since.isEmpty()) {
      events = some(request, since);
      for (int i = 0; events.isEmpty() && i < 20; i++) {
        awaitMore();
        cursor = last();
        events = some(request, since);
      }
      cursor = events.isEmpty() ? cursor : events.getLast().id();
    }
    String list = events.stream().map(TinyCluster::json).collect(Collectors.joining(","));
    answer(out, "200 OK", "{\"cursor\":\"" + cursor + "\",\"events\":[" + list + "]}");
  }

  /** Few enough to arrive now and then, though answers are cut. */
  private List<Entry> some(Request request, String since) {
    List<Entry> events = tells.apply(after(request, EventId.of(since)));
    return events.subList(0, Math.min(5, events.size()));
  }

  private static void answer(OutputStream out, String head, String body) throws IOException {
    String text =
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(head, body.getBytes(UTF_8).length, body);
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  private void stream(Request request, OutputStream out) throws IOException, InterruptedException {
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n"
            .getBytes(UTF_8));
    chunk(
        out, "retry: 1\nevent: hello\ndata: {\"node\":\"n\",\"time\":\"t\",\"heartbeat_s\":1}\n\n");
    String from = request.header("last-event-id");
    EventId place = from.isEmpty() ? last() : EventId.of(from);
    String rooms = "\"" + parameter(request, "rooms").replace(",", "\",\"") + "\"";
    boolean ready = false;
    while (true) {
      for (Entry event : tells.apply(after(request, place))) {
        chunk(out, "id: " + event.id() + "\ndata: " + json(event) + "\n\n");
        place = event.id();
      }
      if (!ready) {
        ready = true;
        chunk(
            out,
            "event: ready\nid: %s\ndata: {\"resumed\":%s,\"replayed\":0,\"rooms\":[%s],\"refused\":[]}\n\n"
                .formatted(place, !from.isEmpty(), rooms));
      }
      chunk(out, ":\n");
      awaitMore();
    }
  }

  private static void chunk(OutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
    out.write(bytes);
    out.write("\r\n".getBytes(UTF_8));
    out.flush();
  }

  private synchronized EventId last() {
    return log.isEmpty() ? new EventId(1, 0) : log.getLast().id();
  }

  private synchronized void awaitMore() throws InterruptedException {
    int size = log.size();
    for (int i = 0; i < 5 && log.size() == size; i++) {
      wait(10);
    }
  }

  private synchronized List<Entry> after(Request request, EventId place) {
    Set<String> rooms = Set.copyOf(Arrays.asList(parameter(request, "rooms").split(",")));
    return log.stream()
        .filter(event -> rooms.contains(event.room().value()) && event.id().isAfter(place))
        .toList();
  }

  private static String parameter(Request request, String name) {
    return Arrays.stream(request.target().substring(request.target().indexOf('?') + 1).split("&"))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), UTF_8))
        .findFirst()
        .orElse("");
  }

  private static String json(Entry event) {
    return ("{\"id\":\"%s\",\"type\":\"message.created\",\"room\":\"%s\",\"at\":\"t\",\"by\":{},"
            + "\"data\":{\"message\":{\"client_msg_id\":\"%s\"}}}")
        .formatted(event.id(), event.room(), event.key());
  }

  @Override
  public void close() throws IOException {
    for (ScriptedNode node : nodes) {
      node.close();
    }
  }

  /** Lets so many bytes pass, and no more. */
  private static final class Cutting extends FilterOutputStream {
    private int left;

    Cutting(OutputStream out, int left) {
      super(out);
      this.left = left;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int passed = Math.min(length, left);
      out.write(bytes, offset, passed);
      out.flush();
      left -= passed;
      if (passed < length) {
        throw new IOException("cut");
      }
    }
  }
}
