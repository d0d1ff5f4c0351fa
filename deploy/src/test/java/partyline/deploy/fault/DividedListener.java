package partyline.deploy.fault;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.deploy.check.Connection;
import partyline.deploy.check.Connection.Ending;
import partyline.deploy.check.Heard;
import partyline.deploy.check.Listener;
import partyline.room.Cursor;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;

/**
 * A client whose rooms lie in several partitions: it listens to a stream, and comes back with its
 * cursor. What it was told is shown to the judge as what as many clients were told, one of each
 * partition: an event of another partition is to that one a mark, as its cursor says how far the
 * client is there.
 */
final class DividedListener implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final String name;
  private final List<URI> nodes;
  private final String token;
  private final Set<RoomId> rooms;
  private final Partitions partitions;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().unstarted(this::run);

  // Guarded by this.
  private final List<Visit> visits = new ArrayList<>();
  private @Nullable Cursor cursor;
  private boolean ready;

  /**
   * Something it was told.
   *
   * @param at where it stands from then on
   * @param heard an event or a reset; empty for {@code ready}
   */
  private record Spoken(Cursor at, Optional<Heard> heard) {}

  /** One stream. */
  private static final class Visit {
    private final URI node;
    private final Optional<Cursor> from;
    private final List<Spoken> spoken = new ArrayList<>();
    private final Map<String, String> fields = new HashMap<>();
    private Ending ending = Ending.OPEN;

    Visit(URI node, Optional<Cursor> from) {
      this.node = node;
      this.from = from;
    }
  }

  /**
   * @param nodes in the order in which it tries them
   */
  DividedListener(
      String name, List<URI> nodes, String token, Set<RoomId> rooms, Partitions partitions) {
    this.name = name;
    this.nodes = List.copyOf(nodes);
    this.token = token;
    this.rooms = Set.copyOf(rooms);
    this.partitions = partitions;
  }

  DividedListener start() {
    thread.start();
    return this;
  }

  synchronized boolean isReady() {
    return ready;
  }

  synchronized int connections() {
    return visits.size();
  }

  /** Whether it was told of everything up to there. */
  synchronized boolean hasReached(Partition partition, EventId last) {
    return cursor != null && !last.isAfter(cursor.in(partition));
  }

  Set<RoomId> rooms(Partition partition) {
    return rooms.stream()
        .filter(room -> partitions.of(room).equals(partition))
        .collect(Collectors.toSet());
  }

  /** What it was told of one partition. */
  synchronized Listener in(Partition partition) {
    Set<RoomId> mine = rooms(partition);
    List<Connection> connections =
        visits.stream()
            .map(visit ->
                new Connection(
                    visit.node.getAuthority(),
                    Connection.Transport.STREAM,
                    visit.from.map(from -> from.in(partition)),
                    visit.spoken.stream().map(one -> heard(one, partition, mine)).toList(),
                    visit.ending,
                    Optional.empty()))
            .toList();
    return new Listener(name + " in " + partition.index(), mine, connections, true);
  }

  private static Heard heard(Spoken one, Partition partition, Set<RoomId> mine) {
    EventId at = one.at().in(partition);
    return switch (one.heard().orElse(null)) {
      case Heard.Told told when mine.contains(told.room()) ->
          told.id().equals(at) ? told : new Heard.Told(at, told.room(), "not under its own id");
      case Heard.Reset reset when reset.rooms().stream().anyMatch(mine::contains) -> {
        var its = new HashSet<>(reset.rooms());
        its.retainAll(mine);
        yield new Heard.Reset(its, reset.reason(), Optional.of(at));
      }
      case null, default -> new Heard.Mark(at);
    };
  }

  // --- At work ---------------------------------------------------------------------------------

  private void run() {
    try {
      int turn = 0;
      do {
        listen(nodes.get(turn++ % nodes.size()));
      } while (!closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen(URI node) throws InterruptedException {
    Visit visit = open(node);
    Ending ending = Ending.NOT_CONNECTED;
    try {
      var answer = http.send(request(visit), BodyHandlers.ofLines());
      ending = answer.statusCode() == 200 ? Ending.FINISHED : Ending.REFUSED;
      try (Stream<String> lines = answer.body()) {
        lines.forEach(line -> read(visit, line));
      }
    } catch (IOException | UncheckedIOException cut) {
      ending = closing.getCount() == 0 ? Ending.LEFT : Ending.CUT;
    } finally {
      close(visit, ending);
    }
  }

  private synchronized Visit open(URI node) {
    var visit = new Visit(node, Optional.ofNullable(cursor));
    visits.add(visit);
    return visit;
  }

  private synchronized void close(Visit visit, Ending ending) {
    visit.ending = ending;
  }

  private HttpRequest request(Visit visit) {
    String names = rooms.stream().map(RoomId::value).sorted().collect(Collectors.joining(","));
    var request =
        HttpRequest.newBuilder(visit.node.resolve("/v1/events?rooms=" + names))
            .header("Accept", "text/event-stream")
            .header("Authorization", "Bearer " + token);
    visit.from.ifPresent(from -> request.header("Last-Event-ID", from.toString()));
    return request.build();
  }

  private void read(Visit visit, String line) {
    int colon = line.indexOf(": ");
    if (colon > 0) {
      visit.fields.put(line.substring(0, colon), line.substring(colon + 2));
    } else if (line.isEmpty()) {
      dispatch(visit);
      visit.fields.clear();
    }
  }

  private synchronized void dispatch(Visit visit) {
    String id = visit.fields.get("id");
    if (id == null) {
      return;
    }
    Cursor at =
        Cursor.parse(id, partitions)
            .orElseThrow(() -> new IllegalStateException("no cursor: " + id));
    JsonNode data = json(visit.fields.getOrDefault("data", "{}"));
    switch (visit.fields.getOrDefault("event", "message")) {
      case "ready" -> {
        visit.spoken.add(new Spoken(at, Optional.empty()));
        ready = true;
      }
      case "reset" -> visit.spoken.add(new Spoken(at, Optional.of(reset(data))));
      default -> visit.spoken.add(new Spoken(at, Optional.of(told(data))));
    }
    cursor = at;
  }

  private static Heard told(JsonNode event) {
    return new Heard.Told(
        EventId.of(event.path("id").asText()),
        new RoomId(event.path("room").asText()),
        event.path("data").path("message").path("client_msg_id").asText());
  }

  private static Heard reset(JsonNode data) {
    Set<RoomId> its =
        data.path("rooms")
            .valueStream()
            .map(room -> new RoomId(room.asText()))
            .collect(Collectors.toSet());
    return new Heard.Reset(its, data.path("reason").asText(), Optional.empty());
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON on a stream", e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    http.shutdownNow();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
