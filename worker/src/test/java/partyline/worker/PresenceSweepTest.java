package partyline.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Claim;
import partyline.room.Ephemeral;
import partyline.room.Lease;
import partyline.room.Limits;
import partyline.room.LogUnavailable;
import partyline.room.ManualClock;
import partyline.room.MemoryPresence;
import partyline.room.Presence.Person;
import partyline.room.Presence.Turnover;
import partyline.room.RoomId;
import partyline.room.UserId;

final class PresenceSweepTest {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final Person ADA = new Person(new UserId("ada"), "Ada");
  private static final Lease LEASE = new Lease("presence", "w1", 1);

  private final ManualClock clock = new ManualClock();
  private final List<Ephemeral> told = new ArrayList<>();
  private final MemoryPresence presence = new MemoryPresence(clock, told::add);
  private final Counters counters = new Counters();
  private final PresenceSweep sweep = new PresenceSweep(presence, counters);

  @BeforeEach
  void adaIsHereThroughA() throws InterruptedException {
    sweep.begin(new Claim.Claimed(LEASE, Optional.empty(), false));
    Await.answer(presence.open("a"));
    Await.answer(presence.change("a", new Turnover(LOBBY, List.of(ADA), List.of(), false)));
    told.clear();
  }

  @Test
  void a_node_that_is_gone_takes_its_people_with_it() throws InterruptedException {
    clock.advance(Limits.NODE_LEASE);

    look();
    look();

    assertThat(told).singleElement().asString().contains("\"left\":[{\"id\":\"ada\"");
    assertThat(Await.answer(presence.lapsed())).isEmpty();
    assertThat(counters.of(Count.NODES_SWEPT)).isEqualTo(1);
  }

  @Test
  void a_redis_that_stood_still_takes_nobody_from_the_living() throws InterruptedException {
    clock.advance(Limits.NODE_LEASE.multipliedBy(2));
    look();

    // The node finds its lease over, takes another name, and writes who is here.
    Await.answer(presence.open("a2"));
    Await.answer(presence.change("a2", new Turnover(LOBBY, List.of(ADA), List.of(), false)));
    look();
    look();

    assertThat(told).noneMatch(event -> event.data().contains("\"left\":[{"));
    assertThat(Await.answer(presence.here(LOBBY)).people()).containsExactly(ADA);
  }

  @Test
  void a_node_that_lives_is_left_alone() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      clock.advance(Limits.NODE_RENEW_EVERY);
      assertThat(Await.answer(presence.renew("a"))).isTrue();
      assertThat(look()).isEqualTo(Limits.PRESENCE_SWEEP_EVERY);
    }

    assertThat(told).isEmpty();
  }

  @Test
  void a_sweep_that_redis_broke_off_goes_on_later() throws InterruptedException {
    clock.advance(Limits.NODE_LEASE);
    look();
    presence.unavailable(true);
    assertThatThrownBy(this::look).isInstanceOf(LogUnavailable.class);
    presence.unavailable(false);

    look();

    assertThat(told).hasSize(1);
  }

  /** Turns until it rests. */
  private Duration look() throws InterruptedException {
    Duration rest = Duration.ZERO;
    while (rest.isZero()) {
      rest = sweep.turn(LEASE).orElseThrow();
    }
    return rest;
  }
}
