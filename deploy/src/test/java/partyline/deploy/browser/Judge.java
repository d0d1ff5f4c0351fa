package partyline.deploy.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import partyline.deploy.check.Checker;
import partyline.deploy.check.Connection.Ending;
import partyline.deploy.check.Connection.Transport;
import partyline.deploy.check.Diary;
import partyline.deploy.check.Heard.Mark;
import partyline.deploy.check.Heard.Told;
import partyline.deploy.check.Publication;
import partyline.deploy.check.Publication.Outcome;
import partyline.deploy.check.Recorder;
import partyline.deploy.check.Truth;
import partyline.deploy.check.Verdict;
import partyline.deploy.cluster.LocalCluster;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.process.Eventually;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisRoomLog;

/**
 * Holds what stands in pages against the log, by the checker that judges any other client. People
 * type no keys: a message is known by its text, so each text is said once.
 */
final class Judge {
  private static final int PAGE = 200;

  private final LocalCluster cluster;
  private final Recorder recorder = new Recorder();

  Judge(LocalCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Fails unless everything that was said is in the log once, and each page shows the room from its
   * first message to its last, once and in order.
   *
   * @param pages what stands in each of them
   */
  void judge(Collection<String> said, List<List<String>> pages) throws Exception {
    Map<String, EventId> ids = ids();
    for (String text : said) {
      recorder.published(new Publication(ChatPage.ROOM, text, new Outcome.Acked(id(ids, text))));
    }
    Truth truth = truth(ids);
    EventId last = truth.last(Set.of(ChatPage.ROOM)).orElseThrow();
    for (List<String> texts : pages) {
      Diary diary = recorder.listener("page-" + pages.indexOf(texts), Set.of(ChatPage.ROOM));
      diary.opened("page", Transport.STREAM, Optional.of(EventId.ZERO));
      for (String text : texts) {
        diary.heard(new Told(id(ids, text), ChatPage.ROOM, text));
      }
      diary.heard(new Mark(last));
      diary.closed(Ending.FINISHED);
    }
    Verdict verdict = Checker.strict().check(recorder.history(truth));
    assertThat(verdict.violations()).as("%s", verdict).isEmpty();
  }

  private static EventId id(Map<String, EventId> ids, String text) {
    EventId id = ids.get(text);
    if (id == null) {
      throw new AssertionError("not in the room: " + text);
    }
    return id;
  }

  private Map<String, EventId> ids() throws IOException, InterruptedException {
    var ids = new HashMap<String, EventId>();
    EventId place = EventId.ZERO;
    for (JsonNode page = page(place); !page.isEmpty(); page = page(place)) {
      for (JsonNode message : page) {
        place = EventId.of(message.path("id").asText());
        EventId before = ids.put(message.path("text").asText(), place);
        assertThat(before).as("said twice: %s", message).isNull();
      }
    }
    return ids;
  }

  private JsonNode page(EventId after) throws IOException, InterruptedException {
    URI url =
        cluster
            .urls()
            .getLast()
            .resolve(
                "/v1/rooms/"
                    + ChatPage.ROOM.value()
                    + "/messages?limit="
                    + PAGE
                    + "&after="
                    + after);
    try (var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      String answer =
          http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
      return Json.MAPPER.readTree(answer).path("messages");
    }
  }

  /** The log, each message under its text for a key. */
  private Truth truth(Map<String, EventId> ids) {
    var texts = new HashMap<EventId, String>();
    ids.forEach((text, id) -> texts.put(id, text));
    try (var connections = RedisConnections.open(RedisConfig.parse(cluster.redisUri(), ""))) {
      var log = new RedisRoomLog(connections);
      Eventually.holds("the log can be read", () -> canBeRead(log));
      Truth truth = Truth.read(log);
      List<Truth.Entry> entries =
          truth.entries().stream()
              .map(entry ->
                  new Truth.Entry(
                      entry.id(),
                      entry.room(),
                      entry.sender(),
                      texts.getOrDefault(entry.id(), ""),
                      entry.prev(),
                      entry.number()))
              .toList();
      return new Truth(truth.after(), entries, truth.epochs());
    }
  }

  private static boolean canBeRead(RedisRoomLog log) {
    return log.heads(List.of(ChatPage.ROOM))
        .handle((heads, failure) -> failure == null)
        .toCompletableFuture()
        .join();
  }
}
