package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

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

  // --- With many partitions --------------------------------------------------------------------

  @Property
  void a_vector_is_read_back_and_never_too_long(
      @ForAll @Size(16) List<@LongRange(max = 999_999_999_999_999_999L) Long> milliseconds,
      @ForAll @LongRange(max = 999_999_999_999_999_999L) long seq) {
    var cursor = new Cursor(milliseconds.stream().map(ms -> new EventId(ms, seq)).toList());

    assertThat(Cursor.parse(cursor.toString(), Partitions.of(16))).contains(cursor);
    assertThat(cursor.toString().length()).isLessThanOrEqualTo(Limits.CURSOR_BYTES);
  }

  @Property(tries = 5_000)
  void what_is_read_of_a_vector_is_exactly_what_would_be_written(
      @ForAll("nearlyVectors") String text) {
    Optional<Cursor> cursor = Cursor.parse(text, Partitions.of(2));

    assertThat(cursor.map(Cursor::toString)).isIn(Optional.of(text), Optional.empty());
  }

  @Example
  void a_vector_of_another_number_of_partitions_is_refused() {
    assertThat(Cursor.parse("1.2", Partitions.of(2))).isPresent();
    assertThat(Cursor.parse("1.2", Partitions.of(4))).isEmpty();
    assertThat(Cursor.parse("1.2.3", Partitions.of(2))).isEmpty();
    assertThat(Cursor.parse("1.2")).isEmpty();
    for (String text : new String[] {"1.", ".", "01.1", "1.1-0", "1.-1", "1.A", "1.1 ", "1.1-"}) {
      assertThat(Cursor.parse(text, Partitions.of(2))).as(text).isEmpty();
    }
  }

  @Example
  void a_single_id_and_the_oldest_are_cursors_of_many_partitions_too() {
    Partitions four = Partitions.of(4);

    assertThat(Cursor.parse("0", four)).contains(Cursor.OLDEST);
    assertThat(Cursor.parse("7-1", four)).contains(new Cursor(new EventId(7, 1)));
    assertThat(Cursor.OLDEST.in(four.all().get(3))).isEqualTo(EventId.ZERO);
  }

  @Example
  void of_two_cursors_the_later_has_what_either_has() {
    var older = new Cursor(List.of(new EventId(1, 0), new EventId(9, 2)));
    var newer = new Cursor(List.of(new EventId(2, 0), new EventId(9, 1)));

    assertThat(Cursor.later(older, newer)).hasToString("2.9-2");
    assertThat(Cursor.later(Cursor.OLDEST, newer)).isEqualTo(newer);
  }

  @Provide
  Arbitrary<String> nearlyVectors() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withChars("01z-.").ofMaxLength(7),
        Arbitraries.strings().withChars("09az-.").ofMinLength(10).ofMaxLength(30));
  }

  @Provide
  Arbitrary<String> nearlyCursors() {
    return Arbitraries.oneOf(
        Arbitraries.strings().withChars("0123-").ofMaxLength(6),
        Arbitraries.strings().withChars("0123456789-").ofMinLength(30).ofMaxLength(600));
  }
}
