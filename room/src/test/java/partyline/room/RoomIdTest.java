package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

final class RoomIdTest {

  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

  @Property
  void a_name_of_the_grammar_is_a_room(@ForAll("names") String name) {
    assertThat(RoomId.parse(name)).contains(new RoomId(name));
    assertThat(new RoomId(name)).hasToString(name);
    assertThat(new RoomId(name).isInbox()).isFalse();
  }

  @Property(tries = 5_000)
  void a_name_that_breaks_it_is_none(@ForAll("nearlyNames") String name) {
    boolean good =
        !name.isEmpty()
            && name.length() <= 64
            && LETTERS.indexOf(name.charAt(0)) >= 0
            && name.chars().allMatch(c -> (LETTERS + "._-").indexOf(c) >= 0);

    assertThat(RoomId.parse(name).isPresent()).isEqualTo(good);
  }

  @Property
  void no_room_reaches_outside_its_key(@ForAll String name) {
    Optional<RoomId> room = RoomId.parse(name);

    assertThat(room.map(RoomId::value).orElse("")).doesNotContainPattern("[{}:*?\\[\\]/\\s@%]");
  }

  @Example
  void hostile_names_are_none() {
    for (String name :
        List.of(
            "",
            "../x",
            "{t}",
            "*",
            "a".repeat(65),
            "a/b",
            "a%2fb",
            "A",
            "é",
            ".a",
            "-",
            "a ",
            "a\n",
            "@u1",
            "a\u0000",
            "ａ")) {
      assertThat(RoomId.parse(name)).as(name).isEmpty();
    }
  }

  @Example
  void an_inbox_is_nobodys_to_name_but_ours() {
    RoomId inbox = RoomId.inboxOf(new UserId("u 1"));

    assertThat(inbox.value()).isEqualTo("@u 1");
    assertThat(inbox.isInbox()).isTrue();
    assertThat(RoomId.parse("@u1")).isEmpty();
    assertThatThrownBy(() -> new RoomId("@")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RoomId("@a\nb")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RoomId("A")).isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void a_direct_room_is_known_by_its_name() {
    assertThat(new RoomId("dm.1a2b").isDirect()).isTrue();
    assertThat(new RoomId("dm").isDirect()).isFalse();
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings()
        .withChars(LETTERS + "._-")
        .ofMaxLength(63)
        .flatMap(rest -> Arbitraries.chars().with(LETTERS.toCharArray()).map(c -> c + rest));
  }

  @Provide
  Arbitrary<String> nearlyNames() {
    return Arbitraries.strings().withChars(LETTERS + "._-AZ{}:*@/ \n\u00e9").ofMaxLength(70);
  }
}
