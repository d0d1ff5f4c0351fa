package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import partyline.gateway.connection.Connection;
import partyline.gateway.connection.Frame;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.Ready;
import partyline.gateway.connection.Reset;
import partyline.gateway.token.Caller;
import partyline.gateway.token.ShutoutBook.Reason;
import partyline.room.Author;
import partyline.room.UserId;

final class ListenersTest {

  private final Listeners listeners = new Listeners();
  private final List<String> ended = new ArrayList<>();

  @Test
  void all_of_one_user_are_ended_and_nobody_elses() {
    listeners.add(caller("ada"), open("phone"));
    listeners.add(caller("ada"), open("desk"));
    listeners.add(caller("bob"), open("bobs"));

    check("ada");

    assertThat(ended).containsExactlyInAnyOrder("phone REVOKED", "desk REVOKED");
  }

  @Test
  void whichever_is_over_the_others_stay() {
    for (int over = 0; over < 3; over++) {
      ended.clear();
      var leaves = new ArrayList<Runnable>();
      for (String name : List.of("0", "1", "2")) {
        leaves.add(listeners.add(caller("ada"), open(name)));
      }
      leaves.get(over).run();
      leaves.get(over).run();

      check("ada");

      var others = new ArrayList<>(List.of("0 REVOKED", "1 REVOKED", "2 REVOKED"));
      others.remove(over);
      assertThat(ended).containsExactlyInAnyOrderElementsOf(others);
      leaves.forEach(Runnable::run);
      ended.clear();
      check("ada");
      assertThat(ended).isEmpty();
    }
  }

  private void check(String user) {
    listeners.check(new UserId(user), caller -> Optional.of(Reason.REVOKED));
  }

  private static Caller caller(String user) {
    return new Caller(
        new UserId(user),
        user,
        Optional.empty(),
        Author.Kind.MEMBER,
        Instant.EPOCH,
        Instant.MAX,
        List.of());
  }

  private Connection open(String name) {
    return new Connection() {
      @Override
      public void end(Goodbye why) {
        ended.add(name + " " + why);
      }

      @Override
      public void attach(Reader reader) {}

      @Override
      public boolean isWritable() {
        return true;
      }

      @Override
      public void event(Frame frame) {}

      @Override
      public void ephemeral(Frame frame) {}

      @Override
      public void reset(Reset reset) {}

      @Override
      public void ready(Ready ready) {}

      @Override
      public void flush() {}

      @Override
      public long acceptedBytes() {
        return 0;
      }
    };
  }
}
