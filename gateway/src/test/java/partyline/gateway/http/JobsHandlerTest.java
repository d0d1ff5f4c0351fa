package partyline.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.gateway.http.Problems.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import partyline.room.Errands.Errand;
import partyline.room.Limits;
import partyline.room.MemoryRoomLog;
import partyline.room.UserId;

class JobsHandlerTest {
  private static final byte[] NOTHING = new byte[0];

  private final Api api = Api.over(new MemoryRoomLog());

  @AfterEach
  void close() {
    api.close();
  }

  private Errand errand(JsonNode json) {
    return api.errands.find(json.path("id").asText()).toCompletableFuture().join().orElseThrow();
  }

  @Test
  void who_asks_twice_for_what_waits_is_shown_the_same_job() {
    FramedClient.Reply first = api.call("POST", "/v1/users/u7/export", api.service(), NOTHING);
    FramedClient.Reply second = api.call("POST", "/v1/users/u7/export", api.service(), NOTHING);

    assertThat(first.status()).isEqualTo(202);
    assertThat(first.json().path("state").asText()).isEqualTo("waiting");
    assertThat(second.json().path("id")).isEqualTo(first.json().path("id"));
  }

  @Test
  void what_was_written_is_fetched_when_it_is_done_and_not_before() throws Exception {
    JsonNode job = api.call("POST", "/v1/users/u7/export", api.service(), NOTHING).json();
    String path = "/v1/jobs/" + job.path("id").asText();
    assertProblem(api.get(path + "/result", api.service()), 409, "conflict");

    Errand errand = errand(job);
    api.errands.keep(errand.id(), 0, packed("{\"text\":\"one\"}\n"), Limits.EXPORT_KEPT);
    api.errands.keep(errand.id(), 1, packed("{\"text\":\"two\"}\n"), Limits.EXPORT_KEPT);
    api.errands.note(errand.at("rooms", 2).grown().grown().ended());

    JsonNode done = api.get(path, api.service()).json();
    assertThat(done.path("state").asText()).isEqualTo("done");
    assertThat(done.path("messages").asInt()).isEqualTo(2);
    FramedClient.Reply result = api.get(done.path("result").asText(), api.service());
    assertThat(result.body()).isEqualTo("{\"text\":\"one\"}\n{\"text\":\"two\"}\n");
  }

  @Test
  void erasing_is_meant_or_refused_and_ends_what_tokens_there_are() {
    assertProblem(
        api.call("DELETE", "/v1/users/u7", api.service(), NOTHING), 400, "invalid-request");

    FramedClient.Reply asked =
        api.call("DELETE", "/v1/users/u7?erase=true", api.service(), NOTHING);

    assertThat(asked.status()).isEqualTo(202);
    assertThat(asked.json().path("kind").asText()).isEqualTo("erase");
    assertThat(errand(asked.json()).user()).isEqualTo(new UserId("u7"));
    assertProblem(api.get("/v1/me"), 401, "unauthenticated");
  }

  @Test
  void jobs_are_the_sites_alone() {
    assertProblem(api.call("POST", "/v1/users/u7/export", api.bearer(), NOTHING), 403, "forbidden");
    assertProblem(
        api.call("DELETE", "/v1/users/u7?erase=true", api.bearer(), NOTHING), 403, "forbidden");
    assertProblem(api.get("/v1/jobs/" + "0".repeat(32)), 403, "forbidden");
    assertProblem(api.get("/v1/jobs/x", api.service()), 404, "not-found");
    assertProblem(api.get("/v1/jobs/" + "0".repeat(32), api.service()), 404, "not-found");
  }

  private static String packed(String lines) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(lines.getBytes(UTF_8));
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
