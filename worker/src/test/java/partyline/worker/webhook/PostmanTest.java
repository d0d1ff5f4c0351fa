package partyline.worker.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.room.Limits;
import partyline.room.Subnet;

final class PostmanTest {
  private static final Addresses LOOPBACK =
      new Addresses(List.of(Subnet.parse("127.0.0.0/8").orElseThrow()));
  private static final Addresses INTERNET = new Addresses(List.of());

  private final Endpoint endpoint = new Endpoint();
  private final List<AutoCloseable> open = new ArrayList<>(List.of(endpoint));
  private final Postman postman = postman(LOOPBACK, Names.SYSTEM);

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private Postman postman(Addresses addresses, Names names) {
    return permitting(new Postman.Permit(true, addresses), names);
  }

  private Postman permitting(Postman.Permit permit, Names names) {
    var one = new Postman(permit, names, () -> (SSLSocketFactory) SSLSocketFactory.getDefault());
    open.add(one);
    return one;
  }

  private Answer post() {
    return post(postman, endpoint.url());
  }

  private static Answer post(Postman postman, URI url) {
    return postman.post(url, Map.of("webhook-id", "msg_1"), "{\"a\":\"\u00e9\"}".getBytes(UTF_8));
  }

  @Test
  void an_endpoint_gets_the_body_and_the_headers_under_its_name() {
    Answer answer =
        post(postman(LOOPBACK, _ -> List.of(loopback())), at("http://shop.example", "/in?a=b"));

    assertThat(answer.isWell()).isTrue();
    Endpoint.Got got = endpoint.got.getFirst();
    assertThat(got.line()).isEqualTo("POST /in?a=b HTTP/1.1");
    assertThat(got.headers())
        .containsEntry("host", "shop.example:" + endpoint.port())
        .containsEntry("content-type", "application/json")
        .containsEntry("webhook-id", "msg_1");
    assertThat(got.body()).isEqualTo("{\"a\":\"\u00e9\"}");
  }

  @Test
  void connections_are_kept_and_one_that_was_closed_meanwhile_costs_no_delivery() {
    post();
    post();
    assertThat(endpoint.connections).hasValue(1);
    endpoint.behaviour = (_, _) -> false;
    post();
    endpoint.behaviour = Endpoint.answering(Endpoint.OK);

    assertThat(post().isWell()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308})
  void a_redirect_is_not_followed(int status) {
    endpoint.behaviour =
        Endpoint.answering(
            "HTTP/1.1 "
                + status
                + " Moved\r\nLocation: "
                + endpoint.url()
                + "\r\nContent-Length: 0\r\n\r\n");

    Answer answer = post();

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.isWell()).isFalse();
    assertThat(endpoint.got).hasSize(1);
  }

  @Test
  void of_an_answer_without_end_little_is_read() throws Exception {
    var cut = new CountDownLatch(1);
    endpoint.behaviour =
        (_, out) -> {
          out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(UTF_8));
          byte[] chunk = ("8000\r\n" + "x".repeat(0x8000) + "\r\n").getBytes(UTF_8);
          try {
            while (true) {
              out.write(chunk);
            }
          } finally {
            cut.countDown();
          }
        };

    Answer answer = post();

    assertThat(answer.isWell()).isTrue();
    assertThat(cut.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void an_answer_of_five_megabytes_is_as_good_as_any_and_not_read() {
    endpoint.behaviour =
        (_, out) -> {
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n".getBytes(UTF_8));
          out.write(new byte[5_000_000]);
          return true;
        };

    assertThat(post().isWell()).isTrue();
    assertThat(post().isWell()).isTrue();
    assertThat(endpoint.connections).hasValue(2);
  }

  @Test
  void one_that_never_answers_is_left_after_ten_seconds() {
    endpoint.behaviour =
        (_, _) -> {
          Thread.sleep(Duration.ofMinutes(10));
          return false;
        };

    Answer answer = post();

    assertThat(answer.status()).isZero();
    assertThat(answer.reason()).isEqualTo("no answer within 10 s");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ok",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 two hundred\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
      })
  void what_is_no_answer_is_a_failure_with_a_reason(String response) {
    endpoint.behaviour =
        (_, out) -> {
          out.write(response.getBytes(UTF_8));
          return false;
        };

    Answer answer = post();

    assertThat(answer.status()).isZero();
    assertThat(answer.reason()).isNotEmpty();
  }

  @Test
  void a_status_is_an_answer_also_when_the_body_breaks_off() {
    endpoint.behaviour =
        (_, out) -> {
          out.write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(UTF_8));
          return false;
        };

    assertThat(post().status()).isEqualTo(204);
  }

  @Test
  void nobody_there_is_a_failure_with_a_reason() {
    endpoint.close();

    Answer answer = post();

    assertThat(answer.status()).isZero();
    assertThat(answer.kind()).isEqualTo(Answer.Kind.UNREACHABLE);
    assertThat(answer.reason()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1",
        "http://127.1",
        "http://localhost",
        "http://2130706433",
        "http://[::1]",
        "http://[::ffff:127.0.0.1]",
        "http://[::ffff:7f00:1]",
        "http://[64:ff9b::7f00:1]",
        "http://10.0.0.1",
        "http://192.168.0.1",
        "http://169.254.169.254",
        "http://100.64.0.1",
        "http://[fe80::1]",
        "http://[fd00::1]",
        "http://0.0.0.0",
        "http://224.0.0.1",
        "http://127.00.0.1",
        "http://2852039166",
        "http://192.0.0.8",
        "http://198.18.0.1",
        "http://240.0.0.1",
        "http://[::]",
        "http://[::127.0.0.1]",
        "http://[::ffff:0:127.0.0.1]",
        "http://[64:ff9b:1::7f00:1]",
        "http://[2002:7f00:1::]",
        "http://[2001:0:7f00:1::]",
        "http://[fec0::1]",
        "http://[::1%1]",
      })
  void an_address_inside_is_not_called_however_it_is_written(String base) {
    Answer answer = post(postman(INTERNET, Names.SYSTEM), at(base, "/"));

    assertThat(answer.status()).isZero();
    assertThat(endpoint.connections).hasValue(0);
    assertThat(answer.reason())
        .matches(".* is not on the internet .*|nobody knows .*|the URL names no .*");
  }

  @Test
  void a_name_that_means_something_else_a_moment_later_leads_nowhere_else() {
    // The first answer is checked; the second, which a second look would get, is loopback.
    var looks = new AtomicInteger();
    Names rebinding =
        _ ->
            List.of(
                looks.incrementAndGet() == 1
                    ? InetAddress.ofLiteral("192.0.2.1")
                    : InetAddress.ofLiteral("127.0.0.1"));
    var permitted = new Addresses(List.of(Subnet.parse("192.0.2.0/24").orElseThrow()));

    Answer answer = post(postman(permitted, rebinding), at("http://evil.example", "/"));

    assertThat(answer.status()).isZero();
    assertThat(looks).hasValue(1);
    assertThat(endpoint.connections).hasValue(0);
  }

  @Test
  void one_address_inside_among_others_closes_a_name() {
    Names mixed = _ -> List.of(InetAddress.ofLiteral("8.8.8.8"), loopback());

    Answer answer = post(postman(INTERNET, mixed), at("http://evil.example", "/"));

    assertThat(answer.reason()).startsWith("its address 127.0.0.1 is not on the internet");
  }

  @Test
  void plain_http_is_called_only_where_it_is_permitted() {
    Postman careful = permitting(new Postman.Permit(false, LOOPBACK), Names.SYSTEM);

    assertThat(post(careful, endpoint.url()).reason()).startsWith("only https may be called");
    assertThat(endpoint.connections).hasValue(0);
  }

  @Test
  void a_name_that_nobody_knows_is_a_failure_with_a_reason() {
    Names nobody =
        host -> {
          throw new UnknownHostException(host);
        };

    assertThat(post(postman(INTERNET, nobody), at("http://gone.example", "/")).reason())
        .isEqualTo("nobody knows the name of its host");
  }

  @Test
  void a_name_server_that_is_silent_is_left_after_five_seconds() {
    Names silent =
        _ -> {
          try {
            Thread.sleep(Duration.ofMinutes(10));
          } catch (InterruptedException e) {
            throw new UnknownHostException("interrupted");
          }
          return List.of();
        };

    long began = System.nanoTime();
    Answer answer = post(postman(INTERNET, silent), at("http://slow.example", "/"));

    assertThat(answer.reason()).isEqualTo("the name of its host was not resolved in time");
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isLessThan(Limits.WEBHOOK_ANSWER_WITHIN.plus(Limits.WEBHOOK_CONNECT_WITHIN));
  }

  @Test
  void when_it_wants_to_be_called_again_is_heard() {
    endpoint.behaviour =
        Endpoint.answering("HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n");

    assertThat(post().retryAfter()).contains(Duration.ofMinutes(2));
  }

  private URI at(String base, String path) {
    return URI.create(base + ":" + endpoint.port() + path);
  }

  private static InetAddress loopback() {
    return InetAddress.ofLiteral("127.0.0.1");
  }
}
