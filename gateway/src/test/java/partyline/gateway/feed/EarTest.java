package partyline.gateway.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import partyline.gateway.loop.ManualLoop;
import partyline.room.EventId;

final class EarTest {

  private final ManualLoop loop = new ManualLoop();
  private final List<Ear.Heard> heard = new ArrayList<>();
  private final Ear ear = new Ear(loop, (from, batch) -> heard.addAll(batch));

  @Test
  void more_than_may_wait_ends_the_connection_once() {
    overflow();

    loop.run();

    assertThat(heard).filteredOn(each -> each instanceof Ear.Heard.Closed).hasSize(1);
    assertThat(heard.getLast()).isInstanceOf(Ear.Heard.Closed.class);
  }

  @Test
  void an_answer_comes_through_all_the_same_or_what_it_opened_would_stay_open() {
    overflow();

    ear.then(() -> {});
    loop.run();

    assertThat(heard.getLast()).isInstanceOf(Ear.Heard.Answered.class);
  }

  private void overflow() {
    for (int i = 0; i < 50_010; i++) {
      ear.beat(new EventId(i, 0));
    }
  }
}
