package partyline.gateway.presence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.gateway.hub.Attendee;
import partyline.gateway.loop.ManualLoop;
import partyline.room.Author;
import partyline.room.Ephemeral;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.ManualClock;
import partyline.room.MemoryPresence;
import partyline.room.Presence.Here;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Two nodes over one presence in memory; time passes for all alike. */
final class AttendanceTest {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final long SLICE_MILLIS = 50;
  private static final long SECOND = 1_000;
  private static final long GRACE = Limits.PRESENCE_GRACE.toMillis();

  private final ManualClock clock = new ManualClock();
  private final ManualLoop loop = new ManualLoop();
  private final List<Ephemeral> published = new ArrayList<>();
  private final MemoryPresence presence = new MemoryPresence(clock, published::add);
  private int names;
  private final Attendance one = new Attendance(loop, presence, () -> "one-" + names++);
  private final Attendance two = new Attendance(loop, presence, () -> "two-" + names++);

  @BeforeEach
  void start() {
    one.start();
    two.start();
    pass(SECOND);
  }

  @Test
  void who_listens_is_here_and_the_room_is_told() {
    listen(one, "ada");
    pass(SECOND);

    assertThat(told()).containsExactly("1 +ada");
    assertThat(here()).containsExactly("ada");
  }

  @Test
  void two_devices_on_two_nodes_are_one_person_and_closing_one_keeps_them() {
    Attendee first = listen(one, "ada");
    Attendee second = listen(two, "ada");
    listen(one, "ada");
    pass(SECOND);
    first.left(LOBBY);
    second.left(LOBBY);
    pass(GRACE + SECOND);

    assertThat(here()).containsExactly("ada");
    assertThat(told()).containsExactly("1 +ada");
  }

  @Test
  void the_last_to_close_is_gone_after_the_grace() {
    Attendee first = listen(one, "ada");
    Attendee second = listen(two, "ada");
    pass(SECOND);
    first.left(LOBBY);
    pass(GRACE + SECOND);
    second.left(LOBBY);

    pass(GRACE - SECOND);
    assertThat(told()).containsExactly("1 +ada");
    pass(2 * SECOND);

    assertThat(told()).containsExactly("1 +ada", "0 -ada");
    assertThat(here()).isEmpty();
  }

  @Test
  void a_reconnect_within_the_grace_makes_no_event() {
    Attendee ada = listen(one, "ada");
    pass(SECOND);
    for (int i = 0; i < 10; i++) {
      ada.left(LOBBY);
      pass(GRACE - SECOND);
      ada = listen(i % 2 == 0 ? one : two, "ada");
    }
    pass(3 * GRACE);

    assertThat(told()).containsExactly("1 +ada");
    assertThat(here()).containsExactly("ada");
  }

  /** A poll listens for a while, is answered, and comes again. */
  @Test
  void somebody_who_polls_is_here_between_two_polls() {
    for (int i = 0; i < 20; i++) {
      Attendee poll = listen(one, "ada");
      pass(SECOND);
      poll.left(LOBBY);
      pass(2 * SECOND);
    }

    assertThat(told()).containsExactly("1 +ada");
  }

  @Test
  void who_comes_and_goes_while_redis_is_away_is_set_right_when_it_is_back() {
    Attendee ada = listen(one, "ada");
    pass(SECOND);
    presence.unavailable(true);
    ada.left(LOBBY);
    listen(one, "bob");
    pass(GRACE + 2 * SECOND);

    presence.unavailable(false);
    pass(3 * SECOND);

    assertThat(here()).containsExactly("bob");
  }

  @Test
  void a_node_that_was_away_for_longer_than_its_lease_says_anew_who_is_here() {
    listen(one, "ada");
    pass(SECOND);
    String before = one.node();
    presence.unavailable(true);
    pass(Limits.NODE_LEASE.toMillis() + SECOND);
    presence.unavailable(false);

    pass(Limits.NODE_RENEW_EVERY.toMillis() + SECOND);

    assertThat(one.node()).isNotEqualTo(before);
    assertThat(here()).containsExactly("ada");
    assertThat(presence.sweep(before)).isCompleted();
    assertThat(here()).containsExactly("ada");
  }

  @Test
  void after_a_wipe_everybody_is_said_to_be_here_again() {
    listen(one, "ada");
    listen(two, "bob");
    pass(SECOND);
    presence.wipe();

    pass(Limits.NODE_RENEW_EVERY.toMillis() + SECOND);

    assertThat(here()).containsExactlyInAnyOrder("ada", "bob");
  }

  /** It might have lost what was written last, and nobody would ever write it again. */
  @Test
  void after_a_promotion_everybody_is_said_to_be_here_again_and_nobody_is_told() {
    listen(one, "ada");
    pass(SECOND);
    String before = one.node();
    presence.promote();

    pass(Limits.NODE_RENEW_EVERY.toMillis() + SECOND);

    assertThat(one.node()).isNotEqualTo(before);
    pass(Limits.NODE_LEASE.toMillis());
    assertThat(presence.lapsed().toCompletableFuture().join()).contains(before);
    assertThat(here()).containsExactly("ada");
    assertThat(told()).containsExactly("1 +ada");
  }

  @Test
  void among_thousands_only_counts_are_told_once_a_second_and_the_last_one_is_right() {
    for (int i = 0; i < 5_000; i++) {
      listen(i % 2 == 0 ? one : two, "u" + i);
      if (i % 10 == 0) {
        pass(SLICE_MILLIS);
      }
    }
    pass(5 * SECOND);

    List<JsonNode> counts = new ArrayList<>();
    List<Long> at = new ArrayList<>();
    for (Ephemeral event : published) {
      JsonNode data = json(event);
      if (data.path("count").asInt() > Limits.PRESENCE_NAMED) {
        counts.add(data);
        at.add(event.at().toEpochMilli());
      }
    }
    assertThat(counts).noneMatch(data -> data.has("joined") || data.has("left"));
    assertThat(counts.getLast().path("count").asInt()).isEqualTo(5_000);
    for (int i = 1; i < at.size(); i++) {
      assertThat(at.get(i) - at.get(i - 1)).isGreaterThanOrEqualTo(SECOND);
    }
    assertThat(counts).hasSizeBetween(20, 35);
  }

  @Test
  void what_comes_together_is_told_together() {
    for (int i = 0; i < Limits.PRESENCE_EVENT_PEOPLE; i++) {
      listen(one, "u" + i);
    }
    pass(SECOND);

    assertThat(published).hasSize(1);
  }

  @Test
  void services_are_no_company_and_an_inbox_is_nobodys_room() {
    Attendee service = one.of(author("site", Author.Kind.SERVICE));
    service.came(LOBBY);
    RoomId inbox = RoomId.inboxOf(new UserId("ada"));
    one.of(author("ada", Author.Kind.MEMBER)).came(inbox);
    pass(SECOND);

    assertThat(published).isEmpty();
    assertThat(one.size()).isZero();
  }

  @Test
  void a_room_that_everybody_left_is_forgotten() {
    listen(one, "ada").left(LOBBY);
    pass(GRACE + SECOND);

    assertThat(one.size()).isZero();
  }

  private static Attendee listen(Attendance node, String user) {
    Attendee attendee = node.of(author(user, Author.Kind.MEMBER));
    attendee.came(LOBBY);
    return attendee;
  }

  private static Author author(String user, Author.Kind kind) {
    return new Author(new UserId(user), user, Optional.empty(), kind);
  }

  private void pass(long millis) {
    for (long left = millis; left > 0; left -= SLICE_MILLIS) {
      clock.advance(Duration.ofMillis(SLICE_MILLIS));
      loop.pass(SLICE_MILLIS);
    }
  }

  private List<String> here() {
    Here here = presence.here(LOBBY).toCompletableFuture().join();
    return here.people().stream().map(person -> person.id().value()).toList();
  }

  private List<String> told() {
    return published.stream().map(AttendanceTest::words).toList();
  }

  private static String words(Ephemeral event) {
    JsonNode data = json(event);
    var words = new StringBuilder(data.path("count").asText());
    data.path("joined").forEach(person -> words.append(" +").append(person.path("id").asText()));
    data.path("left").forEach(person -> words.append(" -").append(person.path("id").asText()));
    return words.toString();
  }

  private static JsonNode json(Ephemeral event) {
    try {
      return Json.MAPPER.readTree(event.data());
    } catch (JsonProcessingException wrong) {
      throw new AssertionError(wrong);
    }
  }
}
