package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

final class UserIdTest {

  @Property(tries = 5_000)
  void whoever_is_somebody_can_be_written_on_one_line(@ForAll String text) {
    UserId.parse(text)
        .ifPresent(user -> {
          assertThat(user.value()).isEqualTo(text).isNotEmpty();
          assertThat(text.codePointCount(0, text.length())).isLessThanOrEqualTo(128);
          assertThat(text.codePoints())
              .noneMatch(Character::isISOControl)
              .noneMatch(point -> point >= Character.MIN_SURROGATE && point <= 0xDFFF)
              .noneMatch(point -> point == 0x2028 || point == 0x2029);
          assertThat(RoomId.inboxOf(user).isInbox()).isTrue();
        });
  }

  @Example
  void sites_name_their_users_as_they_like() {
    for (String text :
        List.of(
            "7",
            "u7",
            "ada@example.com",
            "google|1234",
            "Ada Lovelace",
            "Åsa",
            "用户",
            "👩",
            "{t}:*",
            "\"'\\",
            "👩".repeat(128))) {
      assertThat(UserId.parse(text)).as(text).contains(new UserId(text));
    }
  }

  @Example
  void what_cannot_be_seen_or_is_too_long_is_nobody() {
    for (String text :
        List.of(
            "",
            "a\nb",
            "a\tb",
            "a\u0000",
            "a\u0085",
            "\u202eada",
            "a\u200b",
            "\u2028",
            "a\ud83d",
            "\udc00",
            "\uffff",
            "x".repeat(129),
            "👩".repeat(129))) {
      assertThat(UserId.parse(text)).as(text).isEmpty();
      assertThatThrownBy(() -> new UserId(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Example
  void guests_are_known_by_their_names() {
    assertThat(new UserId("guest:7f3a").isGuest()).isTrue();
    assertThat(new UserId("guest").isGuest()).isFalse();
    assertThat(new UserId("Guest:7f3a").isGuest()).isFalse();
  }
}
