package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class JsonTest {

  @Property(tries = 3_000)
  void a_quoted_text_is_one_line_and_reads_back(@ForAll("texts") String text)
      throws JsonProcessingException {
    String quoted = Json.quote(text);

    assertThat(quoted).startsWith("\"").endsWith("\"");
    assertThat(quoted.chars()).noneMatch(c -> c < 0x20 || c == 0x85 || c == 0x2028 || c == 0x2029);
    assertThat(Json.MAPPER.readValue(quoted, String.class)).isEqualTo(text);
  }

  @Property
  void so_is_a_tree_with_the_text_in_names_and_values(@ForAll("texts") String text)
      throws JsonProcessingException {
    var tree = Map.of(text, List.of(text, Map.of("x" + text, 1)));

    String line = Json.MAPPER.writeValueAsString(tree);

    assertThat(line).doesNotContainPattern("[\n\r\u0085\u2028\u2029]");
    assertThat(Json.MAPPER.readTree(line)).isEqualTo(Json.MAPPER.valueToTree(tree));
  }

  @Example
  void what_old_clients_split_lines_on_is_escaped() {
    assertThat(Json.quote("\n\r\u0085\u2028\u2029")).isEqualTo("\"\\n\\r\\u0085\\u2028\\u2029\"");
  }

  @Example
  void input_is_read_strictly() {
    for (String text :
        List.of(
            "{\"a\":1,\"a\":2}",
            "{} {}",
            "{}x",
            "{'a':1}",
            "{a:1}",
            "[1,]",
            "NaN",
            "01",
            "/**/{}",
            "\"\n\"",
            "[".repeat(40) + "]".repeat(40),
            "1".repeat(200))) {
      assertThatThrownBy(() -> Json.MAPPER.readTree(text))
          .as(text)
          .isInstanceOf(JsonProcessingException.class);
    }
  }

  @Example
  void as_deep_as_allowed_is_not_too_deep() throws JsonProcessingException {
    assertThat(Json.MAPPER.readTree("[".repeat(32) + "]".repeat(32))).isNotNull();
  }

  @Provide
  Arbitrary<String> texts() {
    return EventCodecTest.anyText();
  }
}
