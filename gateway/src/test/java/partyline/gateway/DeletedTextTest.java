package partyline.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import partyline.room.Json;

/** What was deleted is nowhere: not in Redis, not on any node, whatever is asked for. */
final class DeletedTextTest {

  private static final String WORD = "abracadabra";
  private static final String EVERY_KEY_THAT_HOLDS_IT =
      """
      local found = {}
      for _, key in ipairs(redis.call('KEYS', '*')) do
        local kind = redis.call('TYPE', key).ok
        local held
        if kind == 'string' then held = {redis.call('GET', key)}
        elseif kind == 'hash' then held = redis.call('HGETALL', key)
        elseif kind == 'set' then held = redis.call('SMEMBERS', key)
        elseif kind == 'zset' then held = redis.call('ZRANGE', key, 0, -1)
        elseif kind == 'list' then held = redis.call('LRANGE', key, 0, -1)
        else held = redis.call('XRANGE', key, '-', '+') end
        if string.find(cjson.encode(held), ARGV[1], 1, true) then found[#found + 1] = key end
      end
      return table.concat(found, ' ')
      """;

  private static final Pattern READY_OR_SENT_AWAY = Pattern.compile("event: (ready|bye)");
  private static final int TRIES = 5;

  @Test
  void what_was_deleted_is_nowhere() throws Exception {
    try (var one = Node.with();
        var two = one.beside()) {
      String before = id(one.say("lobby", "before"));
      try (var listener = listener(one, "/v1/events?rooms=lobby")) {
        whatWasDeletedIsNowhere(one, two, listener, before);
      }
    }
  }

  private void whatWasDeletedIsNowhere(Node one, Node two, RawClient listener, String before)
      throws Exception {
    String said = "{\"text\":\"" + WORD + "\",\"data\":\"" + WORD + "\",\"client_msg_id\":\"c-1\"}";
    String message =
        "/v1/rooms/lobby/messages/" + id(send(one, "POST", "/v1/rooms/lobby/messages", said));
    send(two, "PATCH", message, "{\"text\":\"" + WORD + " again\"}");
    send(one, "PATCH", message, "{\"text\":\"and *" + WORD + "* again\"}");
    send(two, "PUT", message + "/reactions/:wow:", "");
    listener.until("reaction.added");
    assertThat(listener.seen()).contains(WORD);
    assertThat(keys(one)).isNotEmpty();

    send(two, "DELETE", message, "");
    listener.until("message.deleted");

    assertThat(keys(one)).isEmpty();
    for (Node node : List.of(one, two)) {
      for (String path :
          List.of(
              message,
              "/v1/rooms/lobby/messages",
              "/v1/rooms/lobby/snapshot",
              "/v1/events?rooms=lobby&wait=0&since=0")) {
        assertThat(send(node, "GET", path, "")).doesNotContain(WORD);
      }
      assertThat(send(node, "POST", "/v1/rooms/lobby/messages", said))
          .as("a retry")
          .contains("deleted_at")
          .doesNotContain(WORD);
      try (var resumed = listener(node, "/v1/events?rooms=lobby&since=" + before)) {
        assertThat(resumed.seen()).contains("message.deleted").doesNotContain(WORD);
      }
    }
  }

  /**
   * A stream that is ready. Where Redis can't answer in time, on a machine that does too much, a
   * node sends who comes away, and they come again.
   */
  private static RawClient listener(Node node, String path) throws IOException {
    for (int tries = 1; ; tries++) {
      RawClient client = node.connect();
      String seen = client.get(path).until(said -> READY_OR_SENT_AWAY.matcher(said).find());
      if (seen.contains("event: ready") || tries == TRIES) {
        return client;
      }
      client.close();
    }
  }

  private static String keys(Node node) {
    return String.valueOf(node.redis().command("EVAL", EVERY_KEY_THAT_HOLDS_IT, "0", WORD));
  }

  private static String id(String message) throws Exception {
    return Json.MAPPER.readTree(message).path("id").asText();
  }

  private String send(Node node, String method, String path, String body) throws Exception {
    HttpResponse<String> answer = node.send(Node.token("ada"), method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    return answer.body();
  }
}
