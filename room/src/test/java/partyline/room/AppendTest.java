package partyline.room;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class AppendTest {

  private static final RoomId LOBBY = new RoomId("lobby");

  @Test
  void what_would_break_a_packed_event_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Append.of(LOBBY, "app.x\n", "{}", "{}"));
    assertThatIllegalArgumentException().isThrownBy(() -> Append.of(LOBBY, "app.x", "{\n}", "{}"));
    assertThatIllegalArgumentException().isThrownBy(() -> Append.of(LOBBY, "app.x", "{}", "{\n}"));
  }
}
