package partyline.deploy.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EventReaderTest {
  private static final String RUN = "qwertyuiop";
  private static final Mark MARK = new Mark(3, 17, true, 1_763_735_000_123_456L);
  private static final String TEXT =
      "retry: 2000\n"
          + "event: ready\nid: 5-1\ndata: {\"resumed\":false}\n\n"
          + ":\n"
          + "id: 6-0\ndata: {\"data\":{\"message\":{\"data\":{\"load\":\""
          + MARK.text(RUN)
          + "\"}}}}\n\n"
          + "event: bye\ndata: {\"reason\":\"drain\"}\n\n";

  private final List<String> heard = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 10_000})
  void events_are_the_same_however_their_bytes_arrive(int chunk) {
    var lines = new LineReader();
    var reader = new EventReader(new Mark.Finder(RUN), recorder());
    byte[] bytes = TEXT.getBytes(UTF_8);

    for (int at = 0; at < bytes.length; at += chunk) {
      byte[] part = java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + chunk));
      assertThat(lines.read(part, part.length, reader)).isTrue();
    }

    assertThat(heard)
        .containsExactly(
            "retry 2000",
            "ready 5-1 {\"resumed\":false}",
            MARK + " 6-0",
            "bye null {\"reason\":\"drain\"}");
  }

  @Test
  void a_line_that_does_not_end_is_given_up() {
    var lines = new LineReader();
    var reader = new EventReader(new Mark.Finder(RUN), recorder());
    byte[] bytes = new byte[LineReader.LINE_BYTES];

    assertThat(lines.read(bytes, bytes.length, reader)).isTrue();
    assertThat(lines.read(bytes, 1, reader)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "qwertyuiop",
        "qwertyuiop:1:2:3",
        "qwertyuiop:1:2:x:4 ",
        "qwertyuiop:::: ",
        "qwertyuiop:1:2:1:4:5 ",
        "another:1:2:1:4 ",
        "qwertyuiop:1:2:1:99999999999999999999 "
      })
  void what_is_no_mark_of_this_run_is_none(String text) {
    byte[] bytes = text.getBytes(UTF_8);

    assertThat(new Mark.Finder(RUN).find(bytes, 0, bytes.length)).isNull();
  }

  private EventReader.Listener recorder() {
    return new EventReader.Listener() {
      @Override
      public void message(Mark mark, @Nullable String id) {
        heard.add(mark + " " + id);
      }

      @Override
      public void other(@Nullable String name, @Nullable String id, String data) {
        heard.add(name + " " + id + " " + data);
      }

      @Override
      public void retry(String millis) {
        heard.add("retry " + millis);
      }
    };
  }
}
