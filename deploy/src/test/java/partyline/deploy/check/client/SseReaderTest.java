package partyline.deploy.check.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.deploy.check.client.SseReader.SseEvent;

final class SseReaderTest {
  private static final String STREAM =
      """
      :
      retry: 2000
      event: hello
      data: {"node":"a: b"}

      id: 5-0
      data: {"text":"ä€😀"}

      :
      event: ready
      id: 5-0
      data: {}

      """;

  @Test
  void events_are_read_with_what_they_carry() throws Exception {
    assertThat(read(STREAM))
        .containsExactly(
            new SseEvent(
                Optional.of("hello"),
                Optional.empty(),
                "{\"node\":\"a: b\"}",
                OptionalInt.of(2000)),
            new SseEvent(
                Optional.empty(), Optional.of("5-0"), "{\"text\":\"ä€😀\"}", OptionalInt.empty()),
            new SseEvent(Optional.of("ready"), Optional.of("5-0"), "{}", OptionalInt.empty()));
  }

  @Property
  void a_stream_that_is_cut_anywhere_tells_whole_events_only(@ForAll @IntRange(max = 130) int at)
      throws Exception {
    byte[] bytes = STREAM.getBytes(UTF_8);
    String cut = new String(bytes, 0, Math.min(at, bytes.length), ISO_8859_1);

    List<SseEvent> events = readBytes(cut.getBytes(ISO_8859_1));

    assertThat(events).isEqualTo(read(STREAM).subList(0, cut.split("\n\n", -1).length - 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: x\ndata: {}\n\n",
        "Data: {}\n\n",
        "data:{}\n\n",
        "data\n\n",
        "data: {}\r\n\r\n",
        "data: {}\rdata: {}\n\n",
        "data: a\ndata: b\n\n",
        "id: 1-0\nid: 2-0\ndata: {}\n\n",
        "id: \ndata: {}\n\n",
        "id: 1-0\n\n",
        "data: {}\n\n\n",
        "\n",
        ":\n\n",
        "retry: soon\ndata: {}\n\n",
        "data: \0\n\n",
        "\uFEFFdata: {}\n\n"
      })
  void what_some_client_would_get_wrong_is_a_fault(String stream) {
    assertThatExceptionOfType(ProtocolFault.class).isThrownBy(() -> read(stream));
  }

  @Test
  void bytes_that_are_not_utf_8_are_a_fault() {
    assertThatExceptionOfType(ProtocolFault.class)
        .isThrownBy(() -> readBytes("data: \u00e9\n\n".getBytes(ISO_8859_1)));
  }

  @Test
  void a_line_without_an_end_is_a_fault() {
    assertThatExceptionOfType(ProtocolFault.class)
        .isThrownBy(() -> read("data: " + "x".repeat(200_000)));
  }

  private static List<SseEvent> read(String stream) throws Exception {
    return readBytes(stream.getBytes(UTF_8));
  }

  private static List<SseEvent> readBytes(byte[] stream) throws Exception {
    var reader = new SseReader(new ByteArrayInputStream(stream));
    var events = new ArrayList<SseEvent>();
    for (SseEvent event = reader.next(); event != null; event = reader.next()) {
      events.add(event);
    }
    return events;
  }
}
