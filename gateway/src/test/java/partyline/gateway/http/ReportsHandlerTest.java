package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Limits;
import partyline.room.MemoryRoomLog;
import partyline.room.chat.Role;

/** What people report, over a log that keeps the whole contract. */
class ReportsHandlerTest {

  private static final String LOBBY = "/v1/rooms/lobby";

  private final MemoryRoomLog log = new MemoryRoomLog();
  private final Api api = Api.over(log);
  private final Site site = new Site(log, "lobby");
  private String message = "";

  @BeforeEach
  void somethingWasSaid() {
    site.sets("{\"access\":\"members\"}").adds("mo", Role.MODERATOR);
    site.adds("ada", Role.MEMBER).adds("bob", Role.MEMBER);
    message = said("You are all stupid");
  }

  @AfterEach
  void close() {
    api.close();
  }

  private String said(String text) {
    return as("bob", "POST", "/messages", "{\"text\":\"" + text + "\"}").json().path("id").asText();
  }

  private FramedClient.Reply as(String user, String method, String path, String body) {
    return api.call(method, LOBBY + path, api.bearer(user), body.getBytes(UTF_8));
  }

  private FramedClient.Reply reports(String user, String id, String body) {
    return as(user, "POST", "/messages/" + id + "/reports", body);
  }

  private JsonNode queue(String query) {
    return as("mo", "GET", "/reports" + query, "").json();
  }

  @Test
  void who_moderates_finds_it_with_its_message_and_settles_it() {
    assertThat(reports("ada", message, "{\"reason\":\"rude\"}").status()).isEqualTo(201);

    JsonNode open = queue("").path("reports");
    assertThat(open).hasSize(1);
    JsonNode report = open.path(0);
    assertThat(report.path("by").path("id").asText()).isEqualTo("ada");
    assertThat(report.path("reason").asText()).isEqualTo("rude");
    assertThat(report.path("message").path("text").asText()).isEqualTo("You are all stupid");

    String id = report.path("id").asText();
    JsonNode settled = as("mo", "PATCH", "/reports/" + id, "{\"state\":\"resolved\"}").json();

    assertThat(settled.path("state").asText()).isEqualTo("resolved");
    assertThat(settled.path("settled_by").asText()).isEqualTo("mo");
    assertThat(queue("").path("reports")).isEmpty();
    assertThat(queue("?state=settled").path("reports")).hasSize(1);
  }

  @Test
  void reported_again_it_is_the_same_report_and_says_nothing_of_who_looked_at_it() {
    String id = reports("ada", message, "").json().path("id").asText();
    as("mo", "PATCH", "/reports/" + id, "{\"state\":\"dismissed\"}");

    FramedClient.Reply again = reports("ada", message, "{\"reason\":\"but\"}");

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().path("id").asText()).isEqualTo(id);
    assertThat(again.json().path("state").asText()).isEqualTo("dismissed");
    assertThat(again.json().has("settled_by")).isFalse();
  }

  @Test
  void what_was_said_is_gone_from_the_queue_once_it_is_deleted() {
    reports("ada", message, "");
    as("mo", "DELETE", "/messages/" + message, "");

    String body = as("mo", "GET", "/reports", "").body();

    assertThat(body).contains("deleted_at").doesNotContain("stupid");
    assertProblem(reports("bob", message, ""), 404, "not-found");
  }

  @Test
  void nobody_else_sees_the_queue_and_to_strangers_there_is_no_room() {
    site.sets("{\"access\":\"private\"}");
    String report = reports("ada", message, "").json().path("id").asText();

    assertProblem(as("ada", "GET", "/reports", ""), 403, "forbidden");
    assertProblem(
        as("ada", "PATCH", "/reports/" + report, "{\"state\":\"resolved\"}"), 403, "forbidden");
    assertProblem(as("eve", "GET", "/reports", ""), 404, "not-found");
    assertProblem(reports("eve", message, ""), 404, "not-found");
    assertProblem(
        as("eve", "PATCH", "/reports/" + report, "{\"state\":\"resolved\"}"), 404, "not-found");
    assertProblem(api.get(LOBBY + "/reports", ""), 401, "unauthenticated");
  }

  @Test
  void the_queue_comes_page_by_page() {
    for (int i = 0; i < 3; i++) {
      reports("ada", said("m" + i), "");
    }

    JsonNode first = queue("?limit=2");
    JsonNode second = queue("?limit=2&after=" + first.path("next").asText());

    assertThat(first.path("reports")).hasSize(2);
    assertThat(second.path("reports")).hasSize(1);
    assertThat(second.has("next")).isFalse();
  }

  @Test
  void who_reports_everything_waits() {
    site.adds("u0", Role.MEMBER).adds("u1", Role.MEMBER);
    for (int i = 0; i < Limits.REPORTS_PER_USER_HOUR; i++) {
      String user = "u" + i % 2;
      String said = as(user, "POST", "/messages", "{\"text\":\"m\"}").json().path("id").asText();
      assertThat(reports("ada", said, "").status()).isEqualTo(201);
    }

    assertProblem(reports("ada", message, ""), 429, "rate-limited");
  }

  @Test
  void what_makes_no_sense_is_refused() {
    assertProblem(reports("ada", message, "{\"reason\":7}"), 400, "invalid-request");
    assertProblem(reports("ada", "latest", ""), 400, "invalid-request");
    assertProblem(reports("ada", "7-7", ""), 404, "not-found");
    assertProblem(as("mo", "GET", "/reports?state=lost", ""), 400, "invalid-request");
    assertProblem(as("mo", "GET", "/reports?limit=101", ""), 400, "invalid-request");
    assertProblem(as("mo", "GET", "/reports?after=x", ""), 400, "invalid-request");
    assertProblem(as("mo", "PATCH", "/reports/9", "{\"state\":\"resolved\"}"), 404, "not-found");
    assertProblem(
        as("mo", "PATCH", "/reports/x", "{\"state\":\"resolved\"}"), 400, "invalid-request");
    assertProblem(as("mo", "PATCH", "/reports/1", "{\"state\":\"open\"}"), 400, "invalid-request");
  }
}
