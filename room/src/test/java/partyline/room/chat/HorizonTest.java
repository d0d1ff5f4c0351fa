package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import partyline.room.EventId;
import partyline.room.Horizon;
import partyline.room.MemoryRoomLog;

final class HorizonTest {

  /** It may be the only one who knows of it when the log is lost. */
  @Test
  void whoever_writes_knows_the_log_as_far_as_it_was_answered() {
    var answered = new ArrayList<EventId>();
    var horizon =
        new Horizon() {
          @Override
          public EventId seen() {
            return answered.isEmpty() ? EventId.ZERO : answered.getLast();
          }

          @Override
          public void answered(EventId id) {
            answered.add(id);
          }
        };
    var log = new MemoryRoomLog();
    var chat = new Chat(log, Chat.TEA, new Commands(log, new Rules(Chat.POLICY), horizon));
    EventId kept = chat.say(People.ADA, "kept");
    EventId lost = chat.say(People.ADA, "lost");
    log.loseAfter(kept);

    chat.say(People.ADA, "next");

    assertThat(answered).hasSize(3).startsWith(kept, lost);
    assertThat(log.epochs().cutOff(lost)).isTrue();
    assertThat(log.epochs().cutOff(kept)).isFalse();
  }
}
