package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import partyline.room.UserId;

/** The room of exactly these users. */
final class DirectTest {

  @Test
  void the_same_people_have_the_same_room_in_any_order() {
    assertThat(room("ada", "bob"))
        .isEqualTo(room("bob", "ada"))
        .isEqualTo(room("ada", "bob", "ada"));
    assertThat(room("ada", "bob")).isNotEqualTo(room("ada", "bob", "cara"));
  }

  @Test
  void no_two_groups_share_a_name() {
    assertThat(room("a", "b,c")).isNotEqualTo(room("a,b", "c"));
    assertThat(room("a", "b c")).isNotEqualTo(room("a b", "c"));
  }

  @Test
  void it_takes_two_and_no_guest_and_no_crowd() {
    assertThat(Direct.of(users("ada"))).isEmpty();
    assertThat(Direct.of(users("ada", "ada"))).isEmpty();
    assertThat(Direct.of(users("ada", "guest:1"))).isEmpty();
    assertThat(Direct.of(IntStream.range(0, 11).mapToObj(i -> new UserId("u" + i)).toList()))
        .isEmpty();
  }

  @Test
  void its_name_is_a_direct_rooms() {
    assertThat(Direct.of(users("ada", "bob")).orElseThrow().room().isDirect()).isTrue();
  }

  private static String room(String... names) {
    return Direct.of(users(names)).orElseThrow().room().value();
  }

  private static List<UserId> users(String... names) {
    return Arrays.stream(names).map(UserId::new).toList();
  }
}
