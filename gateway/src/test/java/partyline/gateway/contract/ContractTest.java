package partyline.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import partyline.gateway.http.Problem;
import partyline.room.Json;

/** The document itself: whole, at one with the code, and able to say no. */
class ContractTest {

  private final Contract contract = Witness.contract();

  // --- At one with itself and with the code ----------------------------------------------------

  @Test
  void every_reference_leads_somewhere() {
    references(contract.document()).forEach(contract::resolved);
  }

  @Test
  void every_code_of_the_code_is_documented_and_shown_as_it_is_sent() throws Exception {
    assertThat(contract.codes())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Problem.Code.values()).map(Problem.Code::word).toList());
    for (Problem.Code code : Problem.Code.values()) {
      JsonNode sent = Json.MAPPER.readTree(Problem.of(code).json("1"));
      JsonNode shown = contract.document().at("/components/examples/" + code.word() + "/value");
      for (String field : List.of("type", "title", "status", "code")) {
        assertThat(shown.path(field)).as("%s: %s", code, field).isEqualTo(sent.path(field));
      }
    }
  }

  @Test
  void every_example_is_as_its_schema_says() {
    assertThat(wrongExamples(contract.document(), "")).isEmpty();
  }

  @Test
  void every_operation_can_be_called_by_name_and_is_shown_by_example() {
    assertThat(contract.operations())
        .extracting(operation -> operation.json().path("operationId").asText())
        .doesNotHaveDuplicates()
        .doesNotContain("");
    for (Contract.Operation operation : contract.operations()) {
      assertThat(operation.json().path("summary").asText()).as(operation.name()).isNotEmpty();
      operation
          .json()
          .findParents("schema")
          .forEach(media -> {
            if (!media.has("name") && !media.has("description")) {
              assertThat(media.path("examples")).as("%s: %s", operation.name(), media).isNotEmpty();
            }
          });
    }
  }

  // --- Able to say no --------------------------------------------------------------------------

  private static final String MESSAGES = "/v1/rooms/lobby/messages";
  private static final String MESSAGE =
      "{\"id\":\"1-1\",\"number\":1,\"room\":\"lobby\",\"at\":\"2026-03-01T12:00:00Z\","
          + "\"kind\":\"user\",\"by\":{\"id\":\"u7\",\"name\":\"Ada\",\"kind\":\"member\"},"
          + "\"text\":\"hi\",\"mentions\":[]}";

  @Test
  void what_is_documented_is_let_through() {
    assertThat(posted("{\"text\":\"hi\"}", 201, "application/json", MESSAGE)).isEmpty();
    assertThat(refused(403, "room-reserved")).isEmpty();
    assertThat(refused(413, "payload-too-large")).isEmpty();
    assertThat(refused(500, "internal-error")).isEmpty();
  }

  @Test
  void an_undocumented_status_or_code_is_named_with_the_place_where_it_is_missing() {
    assertThat(refused(410, "too-old"))
        .singleElement()
        .asString()
        .isEqualTo(
            "POST /v1/rooms/lobby/messages answered 410 too-old, which openapi.yaml does not"
                + " document under paths → /v1/rooms/{room}/messages → POST");
    assertThat(refused(403, "origin-not-allowed"))
        .singleElement()
        .asString()
        .startsWith("POST /v1/rooms/lobby/messages answered 403 origin-not-allowed, which")
        .endsWith("its examples name [forbidden, not-a-member, banned, muted, room-reserved]");
  }

  @Test
  void an_undocumented_path_or_method_must_be_refused() {
    assertThat(judge("GET", "/v1/secrets", "", 200, "application/json", "{}"))
        .contains("GET /v1/secrets answered 200, which openapi.yaml does not document under paths");
    assertThat(judge("PUT", MESSAGES, "", 200, "application/json", "{}")).isNotEmpty();
  }

  @Test
  void a_body_that_is_not_as_documented_names_the_field() {
    assertThat(
            posted("{\"text\":\"hi\"}", 201, "application/json", MESSAGE.replace("\"user\"", "7")))
        .singleElement()
        .asString()
        .contains("/kind");
    assertThat(
            posted("{\"text\":\"hi\"}", 201, "application/json", MESSAGE.replace("number", "more")))
        .anyMatch(fault -> fault.contains("more"))
        .anyMatch(fault -> fault.contains("number"));
    assertThat(posted("{\"text\":\"hi\"}", 201, "text/html", MESSAGE)).hasSize(1);
  }

  @Test
  void a_request_that_was_answered_well_must_be_one_that_is_documented() {
    assertThat(posted("{\"text\":5}", 201, "application/json", MESSAGE)).hasSize(1);
    assertThat(
            judge(
                "GET",
                MESSAGES + "?limit=201&page=2",
                "",
                200,
                "application/json",
                "{\"messages\":[],\"gap\":false}"))
        .hasSize(2);
  }

  @Test
  void an_event_that_is_not_as_documented_is_noticed_also_in_the_middle_of_a_stream() {
    String hello =
        "event: hello\ndata: {\"node\":\"n\",\"time\":\"2026-03-01T12:00:00Z\",\"heartbeat_s\":17}\n\n";
    assertThat(streamed("retry: 2000\n" + hello + ":\ndata: {\"cut")).isEmpty();
    assertThat(streamed(hello.replace("hello", "goodday"))).hasSize(1);
    assertThat(streamed("id: 1-1\n" + hello)).hasSize(1);
    assertThat(streamed("id: 1-1\ndata: {\"type\":\"message.vanished\"}\n\n")).isNotEmpty();
  }

  private List<String> posted(String body, int status, String type, String answer) {
    return judge("POST", MESSAGES, body, status, type, answer);
  }

  private List<String> refused(int status, String word) {
    var code = Problem.Code.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    return posted("{", status, "application/problem+json", Problem.of(code).json("1"));
  }

  private List<String> streamed(String body) {
    return judge("GET", "/v1/events?rooms=lobby", "", 200, "text/event-stream", body);
  }

  private List<String> judge(
      String method, String target, String body, int status, String type, String answer) {
    return contract
        .judge(
            new Exchange(
                method,
                target,
                Headers.parse(List.of("Authorization: Bearer x")),
                body,
                status,
                Headers.parse(List.of("X-Request-Id: 1", "Content-Type: " + type)),
                answer,
                true))
        .violations();
  }

  // --- Walking the document --------------------------------------------------------------------

  private static List<JsonNode> references(JsonNode node) {
    var found = new ArrayList<JsonNode>(node.has("$ref") ? List.of(node) : List.of());
    node.forEach(child -> found.addAll(references(child)));
    return found;
  }

  private List<String> wrongExamples(JsonNode node, String place) {
    var faults = new ArrayList<String>();
    Optional<JsonNode> schema = Optional.ofNullable(node.get("schema"));
    if (schema.isPresent()) {
      node.path("examples")
          .properties()
          .forEach(example -> {
            JsonNode value = contract.resolved(example.getValue()).path("value");
            String what = place + "/" + example.getKey();
            faults.addAll(contract.faults(schema.get(), value, what));
            if (node.has("x-events")) {
              faults.addAll(contract.stream(node, value.asText()));
            }
          });
      if (node.has("example")) {
        faults.addAll(contract.faults(schema.get(), node.path("example"), place));
      }
    } else {
      node.path("examples")
          .elements()
          .forEachRemaining(value -> {
            if (!value.has("$ref") && !value.has("value")) {
              faults.addAll(contract.faults(node, value, place));
            }
          });
    }
    node.properties()
        .forEach(
            child -> faults.addAll(wrongExamples(child.getValue(), place + "/" + child.getKey())));
    return faults;
  }
}
