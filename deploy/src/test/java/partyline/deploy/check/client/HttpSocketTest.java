package partyline.deploy.check.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.EOFException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpSocketTest {
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  @Test
  void a_body_in_chunks_is_put_together() throws Exception {
    assertThat(body(CHUNKED + "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"))
        .isEqualTo("abc0123456789");
  }

  @Test
  void a_body_with_a_length_is_read_to_it() throws Exception {
    assertThat(body("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")).isEqualTo("abc");
  }

  @Test
  void a_body_without_either_ends_with_the_connection() throws Exception {
    assertThat(body("HTTP/1.0 200 OK\r\n\r\nabc")).isEqualTo("abc");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 20",
        "HTTP/1.1 200 OK\r",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
        CHUNKED,
        CHUNKED + "3",
        CHUNKED + "3\r\nab",
        CHUNKED + "3\r\nabc",
        CHUNKED + "3\r\nabc\r\n",
        CHUNKED + "3\r\nabc\r\n0\r\n"
      })
  void a_cut_is_told_from_an_end(String answer) {
    assertThatExceptionOfType(EOFException.class).isThrownBy(() -> body(answer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        CHUNKED + "x\r\nabc\r\n0\r\n\r\n",
        CHUNKED + "3\nabc\r\n0\r\n\r\n",
        CHUNKED + "3\r\nabcd\r\n0\r\n\r\n",
        CHUNKED + "\r\n",
        CHUNKED + "fffffff\r\n"
      })
  void broken_chunks_are_a_fault(String answer) {
    assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> body(answer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HELLO\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nnonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"
      })
  void a_broken_head_is_a_fault(String answer) {
    assertThatExceptionOfType(ProtocolFault.class).isThrownBy(() -> body(answer));
  }

  @Test
  void a_server_that_says_nothing_is_not_waited_for_longer_than_asked() throws Exception {
    try (var node =
        new ScriptedNode((_, out) -> {
          out.flush();
          return true;
        })) {
      try (var socket = new HttpSocket(node.url(), Duration.ofSeconds(2), 0)) {
        socket.setPatience(Duration.ofMillis(50));
        socket.send("GET", "/", Map.of(), new byte[0]);

        assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(socket::head);
      }
    }
  }

  @Test
  void a_connection_serves_one_request_after_the_other() throws Exception {
    try (var node =
            new ScriptedNode((request, out) -> {
              String body = request.target() + request.body();
              out.write(
                  ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                      .getBytes(UTF_8));
              return true;
            });
        var socket = new HttpSocket(node.url(), Duration.ofSeconds(2), 0)) {
      for (String target : new String[] {"/a", "/b"}) {
        socket.send("POST", target, Map.of("X", "y"), "{}".getBytes(UTF_8));
        HttpSocket.Head head = socket.head();
        assertThat(new String(socket.body(head).readAllBytes(), UTF_8)).isEqualTo(target + "{}");
        assertThat(HttpSocket.staysOpen(head)).isTrue();
      }
      assertThat(node.requests()).allMatch(request -> request.header("x").equals("y"));
    }
  }

  private static String body(String answer) throws Exception {
    try (var node = ScriptedNode.saying(answer);
        var socket = new HttpSocket(node.url(), Duration.ofSeconds(2), 0)) {
      socket.setPatience(Duration.ofSeconds(5));
      socket.send("GET", "/", Map.of(), new byte[0]);
      return new String(socket.body(socket.head()).readAllBytes(), UTF_8);
    }
  }
}
