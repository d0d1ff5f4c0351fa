package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import partyline.room.MemoryRoomLog;

/** Posting and reading over a log that keeps the whole contract. */
class ConversationTest {

  private final Api api = Api.over(new MemoryRoomLog());

  @AfterEach
  void close() {
    api.close();
  }

  private JsonNode history(String query) {
    return api.get("/v1/rooms/lobby/messages" + query).json().path("messages");
  }

  @Test
  void what_was_said_can_be_read_as_it_was_answered() {
    JsonNode first = api.say("{\"text\":\"hi\"}").json();
    JsonNode second = api.say("{\"text\":\"ho\",\"data\":[1]}").json();

    assertThat(history("")).containsExactly(first, second);
    assertThat(history("?limit=1")).containsExactly(second);
    assertThat(history("?after=" + first.path("id").asText())).containsExactly(second);
    assertThat(history("?before=" + second.path("id").asText())).containsExactly(first);
    assertThat(second.path("number").asInt()).isEqualTo(2);
  }

  @Test
  void a_retry_says_it_once() {
    var said = api.say("{\"text\":\"hi\",\"client_msg_id\":\"c-1\"}");
    var again = api.say("{\"text\":\"hi\",\"client_msg_id\":\"c-1\"}");

    assertThat(said.status()).isEqualTo(201);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json()).isEqualTo(said.json());
    assertProblem(
        api.say("{\"text\":\"ho\",\"client_msg_id\":\"c-1\"}"), 422, "idempotency-mismatch");
    assertThat(history("")).containsExactly(said.json());
  }

  @Test
  void a_message_can_not_break_out_of_its_line() {
    JsonNode said =
        api.say("{\"text\":\"a\\r\\nb\\u2028c\",\"data\":\"\\r\\n\\u0085\\u2029\"}").json();

    assertThat(said.path("text").asText()).isEqualTo("a\nb\u2028c");
    assertThat(api.get("/v1/rooms/lobby/messages").body())
        .doesNotContain("\n", "\r", "\u0085", "\u2028", "\u2029");
  }
}
