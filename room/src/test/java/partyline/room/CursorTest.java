package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

final class CursorTest {

  @Property
  void what_is_written_is_read_back(
      @ForAll @LongRange(max = 999_999_999_999_999_999L) long ms,
      @ForAll @LongRange(max = 999_999_999_999_999_999L) long seq) {
    var cursor = new Cursor(new EventId(ms, seq));

    assertThat(Cursor.parse(cursor.toString())).contains(cursor);
    assertThat(cursor.toString().length()).isLessThanOrEqualTo(Limits.CURSOR_BYTES);
  }

  @Property(tries = 5_000)
  void what_is_read_is_exactly_what_would_be_written(@ForAll("nearlyCursors") String text) {
    Optional<Cursor> cursor = Cursor.parse(text);

    assertThat(cursor.map(Cursor::toString)).isIn(Optional.of(text), Optional.empty());
  }

  @Property
  void no_text_breaks_it(@ForAll String text) {
    assertThat(Cursor.parse(text).map(Cursor::toString)).isIn(Optional.of(text), Optional.empty());
  }

  @Example
  void zero_asks_for_the_oldest() {
    assertThat(Cursor.parse("0")).contains(Cursor.OLDEST);
    assertThat(Cursor.OLDEST.isOldest()).isTrue();
    assertThat(Cursor.OLDEST).hasToString("0");
    assertThat(new Cursor(new EventId(0, 1)).isOldest()).isFalse();
  }

  @Example
  void what_we_never_write_is_refused() {
    for (String text : new String[] {"", "0-0", "00", "1", "-", "1-", "-1", "01-1", "1-1 ", "$"}) {
      assertThat(Cursor.parse(text)).as(text).isEmpty();
    }
    assertThat(Cursor.parse("1".repeat(600))).isEmpty();
  }

  @Provide
  Arbitrary<String> nearlyCursors() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withChars("0123-").ofMaxLength(6),
        Arbitraries.strings().withChars("0123456789-").ofMinLength(30).ofMaxLength(600));
  }
}
