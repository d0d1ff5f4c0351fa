package partyline.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.deploy.doctor.ScriptedProxy.Then.ENDS;
import static partyline.deploy.doctor.ScriptedProxy.Then.HOLDS;
import static partyline.deploy.doctor.ScriptedProxy.head;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import partyline.deploy.doctor.ScriptedProxy.Then;
import partyline.room.Finding;
import partyline.room.Finding.Grade;

/** Does a stream get through? Each way in which it may not, and what there is to do about it. */
final class StreamProbeTest {
  private static final String STREAM = "text/event-stream; charset=utf-8";
  private static final String HELLO = "retry: 2000\n\nevent: hello\ndata: {\"node\":\"a\"}\n\n";
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
  private static final Duration NOT_LONG = Duration.ofMillis(300);

  @Test
  void a_first_event_while_the_stream_is_open_is_all_there_is_to_wish_for() throws Exception {
    List<Finding> found = behind(head(STREAM, "") + HELLO, HOLDS);

    assertThat(found).extracting(Finding::grade).containsOnly(Grade.GOOD);
    assertThat(found)
        .extracting(Finding::what)
        .contains("it is a stream, over HTTP_1_1", "nothing compresses it")
        .anySatisfy(what -> assertThat(what).endsWith(": nothing buffers"));
  }

  @Test
  void a_head_without_an_event_is_a_proxy_that_buffers() throws Exception {
    Finding last = behind(head(STREAM, ""), HOLDS, LONG_ENOUGH, NOT_LONG).getLast();

    assertThat(last.grade()).isEqualTo(Grade.BAD);
    assertThat(last.what()).endsWith("a proxy buffers");
    assertThat(last.advice()).contains("proxy_buffering off");
  }

  @Test
  void a_head_that_is_held_back_too_is_one() throws Exception {
    Finding only = behind("", HOLDS, NOT_LONG, LONG_ENOUGH).getFirst();

    assertThat(only.grade()).isEqualTo(Grade.BAD);
    assertThat(only.what()).startsWith("no answer: ");
    assertThat(only.advice()).contains("a proxy buffers");
  }

  @Test
  void a_stream_that_ends_before_it_has_begun_is_bad() throws Exception {
    Finding last = behind(head(STREAM, ""), ENDS).getLast();

    assertThat(last.grade()).isEqualTo(Grade.BAD);
    assertThat(last.what()).isEqualTo("the stream ended before its first event");
  }

  @Test
  void what_compresses_a_stream_may_hold_it_back() throws Exception {
    List<Finding> found = behind(head(STREAM, "Content-Encoding: gzip\r\n") + HELLO, HOLDS);

    assertThat(found)
        .contains(
            Finding.doubtful(
                "a proxy compresses the stream (gzip)",
                "leave text/event-stream out: compressors hold back what comes in between."));
  }

  @Test
  void a_page_is_no_stream() throws Exception {
    assertThat(behind(head("text/html", "") + HELLO, HOLDS))
        .contains(Finding.bad("it is no stream but text/html", "send /v1 to the gateways."));
  }

  @Test
  void what_no_gateway_answers_is_the_word_of_something_before_it() throws Exception {
    String answer = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";

    Finding only = behind(answer, ENDS).getFirst();

    assertThat(only.grade()).isEqualTo(Grade.BAD);
    assertThat(only.what()).isEqualTo("GET /v1/events answers 502");
  }

  @Test
  void where_nobody_reads_without_a_token_one_is_asked_for() throws Exception {
    String answer = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n";

    Finding only = behind(answer, ENDS).getFirst();

    assertThat(only.grade()).isEqualTo(Grade.DOUBTFUL);
    assertThat(only.advice()).contains("--token");
  }

  @Test
  void where_nothing_listens_there_is_no_answer() throws Exception {
    URI nobody;
    try (var proxy = new ScriptedProxy("", ENDS)) {
      nobody = proxy.url();
    }

    Finding only = new StreamProbe(nobody, null, LONG_ENOUGH, LONG_ENOUGH).look().getFirst();

    assertThat(only.grade()).isEqualTo(Grade.BAD);
    assertThat(only.what()).startsWith("no answer: ");
  }

  private static List<Finding> behind(String answer, Then then) throws Exception {
    return behind(answer, then, LONG_ENOUGH, LONG_ENOUGH);
  }

  private static List<Finding> behind(
      String answer, Then then, Duration headWithin, Duration helloWithin) throws Exception {
    try (var proxy = new ScriptedProxy(answer, then)) {
      return new StreamProbe(proxy.url(), null, headWithin, helloWithin).look();
    }
  }
}
