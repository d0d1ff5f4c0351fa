package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class EventIdTest {

  private static final long MAX = 999_999_999_999_999_999L;

  @Property
  void what_is_written_is_read_back(@ForAll("ids") EventId id) {
    assertThat(EventId.parse(id.toString())).contains(id);
    assertThat(EventId.of(id.toString())).isEqualTo(id);
  }

  @Property(tries = 5_000)
  void what_is_read_is_exactly_what_would_be_written(@ForAll("nearlyIds") String text) {
    Optional<EventId> id = EventId.parse(text);

    assertThat(id.map(EventId::toString)).isIn(Optional.of(text), Optional.empty());
    assertThat(id.isPresent()).isEqualTo(text.matches("(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})"));
  }

  @Property
  void any_other_text_is_refused(@ForAll String text) {
    assertThat(EventId.parse(text).isPresent())
        .isEqualTo(text.matches("(0|[1-9][0-9]{0,17})-(0|[1-9][0-9]{0,17})"));
  }

  @Property
  void ids_are_ordered_by_their_numbers(@ForAll("ids") EventId a, @ForAll("ids") EventId b) {
    int expected = a.ms() == b.ms() ? Long.signum(a.seq() - b.seq()) : Long.signum(a.ms() - b.ms());

    assertThat(Integer.signum(a.compareTo(b))).isEqualTo(expected);
    assertThat(a.isAfter(b)).isEqualTo(expected > 0);
    assertThat(EventId.max(a, b)).isEqualTo(expected > 0 ? a : b);
    assertThat(EventId.min(a, b)).isEqualTo(expected > 0 ? b : a);
  }

  @Property
  void nothing_comes_before_zero(@ForAll("ids") EventId id) {
    assertThat(EventId.ZERO.isAfter(id)).isFalse();
  }

  @Example
  void text_order_is_not_the_order() {
    assertThat(EventId.of("5-10").isAfter(EventId.of("5-9"))).isTrue();
    assertThat(EventId.of("10-0").isAfter(EventId.of("9-99"))).isTrue();
  }

  @Example
  void other_digits_than_ours_are_refused() {
    assertThat(EventId.parse("١-٢")).isEmpty();
    assertThat(EventId.parse("１-２")).isEmpty();
  }

  @Example
  void a_broken_id_of_our_own_is_an_error() {
    assertThatThrownBy(() -> EventId.of("5")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EventId(-1, 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EventId(0, -1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Provide
  Arbitrary<EventId> ids() {
    Arbitrary<Long> small = Arbitraries.longs().between(0, 12);
    Arbitrary<Long> any = Arbitraries.longs().between(0, MAX);
    return Combinators.combine(Arbitraries.oneOf(small, any), Arbitraries.oneOf(small, any))
        .as(EventId::new);
  }

  @Provide
  Arbitrary<String> nearlyIds() {
    return Arbitraries.strings().withChars("0123456789-+ .eE*$\n").ofMaxLength(40);
  }
}
