package partyline.deploy.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.launchdarkly.eventsource.ConnectStrategy;
import com.launchdarkly.eventsource.ErrorStrategy;
import com.launchdarkly.eventsource.EventSource;
import com.launchdarkly.eventsource.MessageEvent;
import com.launchdarkly.eventsource.StreamEvent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.deploy.check.Connection.Transport;
import partyline.deploy.check.Diary;
import partyline.deploy.check.Heard.Bye;
import partyline.deploy.check.Heard.Mark;
import partyline.deploy.check.Heard.Told;
import partyline.deploy.check.Verdict;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.RoomId;

/**
 * Clients that other people wrote, as they come out of the box: their node is killed, comes back,
 * drains and comes back again, and is killed once more, while the talk goes on at the other one;
 * they must miss nothing.
 */
@Timeout(600)
final class OtherPeoplesClientsTest {
  private static final String EVENTSOURCE = "eventsource@3.0.7";
  private static final String EVENTSOURCE_PARSER = "eventsource-parser@3.0.6";
  private static final String POLYFILL = "event-source-polyfill@1.0.31";

  /**
   * So few that a room, which holds a thousand, still has what was said while a node took a minute
   * to start and a client, which doubles its pauses, twice as long to notice.
   */
  private static final int A_SECOND = 5;

  @TempDir Path data;
  @TempDir Path scripts;

  /** Something that listens to a URL until it is closed, and tells each event to an ear. */
  private interface Listening {
    AutoCloseable start(URI url, Ear ear) throws Exception;
  }

  private interface Ear {
    void hear(String name, String id, String data);
  }

  @Test
  void okhttp_eventsource() throws Exception {
    survives((url, ear) -> {
      EventSource source =
          new EventSource.Builder(ConnectStrategy.http(url))
              .errorStrategy(ErrorStrategy.alwaysContinue())
              .build();
      Thread.ofVirtual()
          .start(() -> {
            for (StreamEvent event : source.anyEvents()) {
              if (event instanceof MessageEvent message) {
                ear.hear(message.getEventName(), message.getLastEventId(), message.getData());
              }
            }
          });
      return source;
    });
  }

  @Test
  void eventsource_for_node() throws Exception {
    NodeScript.install(scripts, EVENTSOURCE, EVENTSOURCE_PARSER);
    survives(script("eventsource"));
  }

  /** As a page uses it that has its own EventSource, and no way to send a header. */
  @Test
  void eventsource_for_node_with_a_ticket() throws Exception {
    NodeScript.install(scripts, EVENTSOURCE, EVENTSOURCE_PARSER);
    survives(script("eventsource"), this::withTicket);
  }

  @Test
  void event_source_polyfill() throws Exception {
    NodeScript.install(scripts, POLYFILL);
    survives(script("event-source-polyfill"));
  }

  /** Where to listen on the node that is going to be killed. */
  private interface Place {
    URI of(LocalCluster cluster) throws Exception;
  }

  private void survives(Listening listening) throws Exception {
    survives(listening, cluster -> cluster.gateway(1).url().resolve("/v1/events?rooms=room-0"));
  }

  private URI withTicket(LocalCluster cluster) throws Exception {
    URI node = cluster.gateway(1).url();
    var request =
        HttpRequest.newBuilder(node.resolve("/v1/tickets"))
            .header("Authorization", "Bearer " + cluster.token("ada"))
            .POST(BodyPublishers.ofString("{\"rooms\":[\"room-0\"]}"))
            .build();
    try (var http = HttpClient.newHttpClient()) {
      String made = http.send(request, BodyHandlers.ofString()).body();
      return node.resolve("/v1/events?ticket=" + json(made).path("ticket").asText());
    }
  }

  private void survives(Listening listening, Place place) throws Exception {
    try (var cluster = LocalCluster.start(data, 2, 0);
        var trial = new Trial(cluster, 1)) {
      Diary diary = trial.diary("theirs", Set.copyOf(trial.rooms()));
      diary.opened("gateway-1", Transport.STREAM, Optional.empty());
      URI url = place.of(cluster);
      try (var _ = listening.start(url, (name, id, data) -> hear(diary, name, id, data))) {
        Trial.await("it is ready", () -> diary.position().isPresent());
        trial.publish(A_SECOND, 60, trial.nodesFrom(1).subList(0, 1));
        Trial.await("it hears", () -> diary.told() >= 4 * A_SECOND);

        cluster.gateway(1).kill();
        trial.awaitAcked(2 * A_SECOND);
        cluster.gateway(1).restart();
        awaitMore(diary);
        cluster.gateway(1).terminate();
        trial.awaitAcked(2 * A_SECOND);
        cluster.gateway(1).restart();
        awaitMore(diary);
        cluster.gateway(1).kill();
        trial.awaitAcked(2 * A_SECOND);
        cluster.gateway(1).restart();
        awaitMore(diary);
        trial.stop();
        EventId last = trial.truth().last(diary.rooms()).orElseThrow();
        Trial.await("it has heard the last", () -> !last.isAfter(diary.position().orElseThrow()));
      }
      Verdict verdict = trial.verdict();

      assertThat(verdict.tally().goodbyes()).containsKey("drain");
      assertThat(verdict.tally().resets()).isEmpty();
    }
  }

  /** It has come back, and hears what is said. */
  private static void awaitMore(Diary diary) {
    int before = diary.told();
    Trial.await("it hears again", () -> diary.told() >= before + 2 * A_SECOND);
  }

  private static void hear(Diary diary, String name, String id, String data) {
    JsonNode json = json(data);
    switch (name) {
      case "message" ->
          diary.heard(
              new Told(
                  EventId.of(id),
                  new RoomId(json.path("room").asText()),
                  json.path("data").path("message").path("client_msg_id").asText()));
      case "ready" -> diary.heard(new Mark(EventId.of(id)));
      case "bye" -> diary.heard(new Bye(json.path("reason").asText()));
      case "hello" -> {}
      default -> throw new IllegalStateException("it heard " + name + " " + data);
    }
  }

  private Listening script(String library) {
    return (url, ear) ->
        NodeScript.start(
            scripts,
            "listen.mjs",
            line -> {
              JsonNode event = json(line);
              ear.hear(
                  event.path("name").asText(),
                  event.path("id").asText(),
                  event.path("data").asText());
            },
            library,
            url.toString());
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
