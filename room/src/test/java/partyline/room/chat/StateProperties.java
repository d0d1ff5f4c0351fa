package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import partyline.room.EventId;
import partyline.room.chat.RoomSettings.Access;

/** State is written by one version and read by another: nothing in it takes a room down. */
final class StateProperties {

  @Property
  void settings_are_read_as_they_were_written(@ForAll("settings") RoomSettings settings) {
    assertThat(RoomSettings.parse(settings.json(Optional.empty()))).isEqualTo(settings);
  }

  @Property
  void nothing_that_stands_there_is_a_crash(@ForAll("stored") String stored) {
    assertThat(RoomSettings.parse(stored)).isNotNull();
    assertThat(Member.parse(stored)).isNotNull();
    assertThat(Sanction.parse(stored)).isNotNull();
    assertThat(Pins.parse(stored)).isNotNull();
    assertThat(RoomSettings.isDeleted(stored)).isFalse();
  }

  @Example
  void members_bans_and_pins_are_read_as_they_were_written() {
    var now = Instant.parse("2026-01-01T00:00:00.123Z");
    var member = new Member(Role.OWNER, Optional.of("Ada"), Optional.empty(), Optional.of(now));
    var ban = new Sanction(Optional.of(now), Optional.of("spam"), "bob", now);
    var pins = new Pins(List.of(new EventId(2, 0), new EventId(1, 3)));

    assertThat(Member.parse(member.json())).isEqualTo(member);
    assertThat(Sanction.parse(ban.json())).isEqualTo(ban);
    assertThat(Pins.parse(pins.json())).isEqualTo(pins);
  }

  @Example
  void what_another_version_wrote_beside_our_settings_stays() {
    RoomSettings settings = RoomSettings.parse("{\"access\":\"open\",\"colour\":\"red\"}");

    assertThat(settings.json(Optional.of("{\"access\":\"open\",\"colour\":\"red\"}")))
        .contains("\"colour\":\"red\"");
  }

  @Example
  void what_another_version_invented_is_taken_for_the_stricter() {
    assertThat(RoomSettings.parse("{\"access\":\"friends\"}").access()).isEqualTo(Access.PRIVATE);
    assertThat(Member.parse("{\"role\":\"king\"}").role()).isEqualTo(Role.MEMBER);
    assertThat(Sanction.parse("{\"until\":\"soon\"}").holdsAt(Instant.MAX)).isTrue();
  }

  @Provide
  Arbitrary<RoomSettings> settings() {
    Arbitrary<Filters> filters =
        Combinators.combine(
                Arbitraries.of(Filters.Mode.class), Arbitraries.strings().list().ofMaxSize(3))
            .as(Filters::new);
    return Combinators.combine(
            Arbitraries.strings().ofMaxLength(20),
            Arbitraries.strings().ofMaxLength(20),
            Arbitraries.of(Access.class),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.integers().greaterOrEqual(0),
            Arbitraries.integers().greaterOrEqual(0),
            filters)
        .as(RoomSettings::new);
  }

  @Provide
  Arbitrary<String> stored() {
    return Arbitraries.oneOf(
        Arbitraries.strings().ofMaxLength(30),
        Arbitraries.of(
            "",
            "{",
            "null",
            "7",
            "[]",
            "[1,null,\"x\",\"1-1\"]",
            "\"x\"",
            "{}",
            "{\"access\":7,\"guests\":\"x\",\"slow_mode_s\":-1,\"filters\":[],\"title\":{}}",
            "{\"role\":[],\"since\":\"x\",\"name\":7,\"until\":7,\"filters\":{\"words\":{}}}",
            "{\"slow_mode_s\":1e99,\"retention_days\":\"x\",\"deleted\":\"x\"}"));
  }
}
