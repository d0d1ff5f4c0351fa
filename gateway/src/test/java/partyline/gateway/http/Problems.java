package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

/** What every refusal must look like. */
final class Problems {

  private Problems() {}

  static void assertProblem(FramedClient.Reply reply, int status, String code) {
    assertThat(reply.code()).as("%s", reply).isEqualTo(code);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("content-type")).contains("application/problem+json");
    JsonNode problem = reply.json();
    assertThat(problem.path("type").asText()).isEqualTo("urn:partyline:problem:" + code);
    assertThat(problem.path("title").asText()).isNotEmpty();
    assertThat(problem.path("status").asInt()).isEqualTo(status);
    assertThat(problem.path("detail").asText()).isNotEmpty();
    assertThat(problem.path("request_id").asText())
        .isEqualTo(reply.header("x-request-id").orElseThrow());
  }
}
