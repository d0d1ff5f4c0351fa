package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import partyline.room.Limits;
import partyline.room.Rate;
import partyline.room.chat.Policy.Creation;

final class RatesTest {

  private static final Policy BUSY = new Policy(Creation.MEMBERS, true, 50_000);

  @Test
  void the_site_writes_as_often_as_the_operator_says_and_people_do_not() {
    assertThat(Rates.of(People.SITE, BUSY))
        .isEqualTo(
            new Rate(People.SITE.id(), Duration.ofNanos(20_000), Limits.SERVICE_WRITES_BURST));
    assertThat(Rates.of(People.ADA, BUSY).every()).isEqualTo(Duration.ofMillis(200));
  }
}
