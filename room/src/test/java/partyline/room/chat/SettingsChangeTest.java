package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.room.Json;
import partyline.room.chat.Refusal.FieldError;
import partyline.room.chat.RoomSettings.Access;

/** What may be asked of a room's settings. */
final class SettingsChangeTest {

  private static final RoomSettings OLD = RoomSettings.byDefault(true);

  @Test
  void what_is_named_changes_and_all_else_stays() throws Exception {
    RoomSettings settings =
        change("{\"title\":\"Tea\",\"access\":\"private\",\"slow_mode_s\":5}").applyTo(OLD);

    assertThat(settings)
        .isEqualTo(new RoomSettings("Tea", "", Access.PRIVATE, true, false, 5, 0, Filters.NONE));
  }

  @Test
  void nothing_named_changes_nothing() throws Exception {
    assertThat(change("{}").applyTo(OLD)).isEqualTo(OLD);
  }

  @Test
  void a_title_is_cleaned_as_a_message_is() throws Exception {
    assertThat(change("{\"title\":\"a\\u0000b\\u202e\"}").applyTo(OLD).title()).isEqualTo("ab");
    assertThat(change("{\"title\":\"\"}").applyTo(OLD).title()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "title | {\"title\":7}",
        "title | {\"title\":null}",
        "topic | {\"topic\":\"\\ud800\"}",
        "access | {\"access\":\"OPEN\"}",
        "guests | {\"guests\":\"true\"}",
        "read_only | {\"read_only\":1}",
        "slow_mode_s | {\"slow_mode_s\":-1}",
        "slow_mode_s | {\"slow_mode_s\":1.5}",
        "slow_mode_s | {\"slow_mode_s\":21601}",
        "retention_days | {\"retention_days\":731}",
        "filters | {\"filters\":[]}",
        "filters | {\"filters\":{\"words\":[\"x\"]}}",
        "filters | {\"filters\":{\"mode\":\"mask\",\"words\":[\"\"]}}",
        "filters | {\"filters\":{\"mode\":\"mask\",\"words\":[7]}}",
        "filters | {\"filters\":{\"mode\":\"mask\",\"words\":[\"\\ud800\"]}}",
        "tite | {\"tite\":\"Tea\"}"
      })
  void a_wrong_field_is_named(String field, String json) throws Exception {
    assertThat(change(json).errors()).extracting(FieldError::field).containsExactly(field);
  }

  @Test
  void words_to_filter_are_bounded_in_number_and_size() throws Exception {
    assertThat(filters(200, "w").errors()).isEmpty();
    assertThat(filters(201, "w").errors()).hasSize(1);
    assertThat(filters(100, "é".repeat(30)).errors()).hasSize(1);
  }

  @Test
  void a_longest_title_fits() throws Exception {
    assertThat(change("{\"title\":\"" + "x".repeat(120) + "\"}").errors()).isEmpty();
    assertThat(change("{\"title\":\"" + "x".repeat(121) + "\"}").errors()).hasSize(1);
  }

  private static SettingsChange filters(int count, String word) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    var words = json.putObject("filters").put("mode", "reject").putArray("words");
    IntStream.range(0, count).forEach(i -> words.add(word + i));
    return SettingsChange.of(json);
  }

  private static SettingsChange change(String json) throws Exception {
    return SettingsChange.of((ObjectNode) Json.MAPPER.readTree(json));
  }
}
