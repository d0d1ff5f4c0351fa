package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebFilesTest {

  private final Vertx vertx = Vertx.vertx();
  private int port;

  @BeforeEach
  void listen() throws Exception {
    Router router = Router.router(vertx);
    router.route().handler(new WebFiles("web-test/"));
    port =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0)
            .toCompletionStage()
            .toCompletableFuture()
            .get(60, TimeUnit.SECONDS)
            .actualPort();
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private FramedClient.Reply get(String path, String headers) {
    try (var client = new FramedClient(port)) {
      return client.send("GET " + path + " HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n").reply();
    }
  }

  @Test
  void the_root_is_the_page() {
    var reply = get("/", "");

    assertThat(reply.body()).isEqualTo("<p>hello</p>\n");
    assertThat(reply.header("content-type")).contains("text/html; charset=utf-8");
    assertThat(reply.header("cache-control")).contains("no-cache");
    assertThat(reply.header("x-content-type-options")).contains("nosniff");
  }

  @Test
  void a_file_is_found_by_its_name() {
    var reply = get("/a-b.js", "");

    assertThat(reply.body()).isEqualTo("let a = 1;\n");
    assertThat(reply.header("content-type")).contains("text/javascript; charset=utf-8");
  }

  @Test
  void a_browser_that_has_it_is_told_so() {
    String etag = get("/a-b.js", "").header("etag").orElseThrow();

    var reply = get("/a-b.js", "If-None-Match: \"other\", " + etag + "\r\n");

    assertThat(reply.status()).isEqualTo(304);
    assertThat(reply.body()).isEmpty();
    assertThat(reply.header("etag")).contains(etag);
  }

  @Test
  void who_takes_gzip_gets_it_and_who_does_not_gets_it_plain() {
    for (String accepted : List.of("gzip", "br, gzip, deflate", "GZIP;q=0.5")) {
      var reply = get("/a-b.js", "Accept-Encoding: " + accepted + "\r\n");
      assertThat(reply.header("content-encoding")).as(accepted).contains("gzip");
      assertThat(reply.header("vary").orElse("")).containsIgnoringCase("accept-encoding");
    }
    for (String accepted : List.of("br", "gzip;q=0", "gzip; q=0.0, br", "x-gzip")) {
      var reply = get("/a-b.js", "Accept-Encoding: " + accepted + "\r\n");
      assertThat(reply.header("content-encoding")).as(accepted).isEmpty();
      assertThat(reply.body()).isEqualTo("let a = 1;\n");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/none.html",
        "/secret.pem",
        "/.hidden",
        "/../web-test/index.html",
        "/%2e%2e/logback.xml",
        "/web-test/index.html",
        "/index.html/",
        "//index.html",
        "/a-b.js%00.html",
        "/A-B.js"
      })
  void nothing_else_is_reached(String path) {
    assertThat(get(path, "").status()).isEqualTo(404);
  }
}
