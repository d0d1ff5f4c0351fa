package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Presence.Here;
import partyline.room.Presence.Outcome;
import partyline.room.Presence.Person;
import partyline.room.Presence.Turnover;

/** What presence promises, sentence by sentence. Memory and Redis pass the same. */
public abstract class PresenceContract {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final RoomId CELLAR = new RoomId("cellar");
  private static final Person ADA = new Person(new UserId("ada: 1"), "Ada \"L\"\u2028é");
  private static final Person BOB = new Person(new UserId("bob"), "Bob");

  private final RecordingFeedListener listener = new RecordingFeedListener();
  private FeedConnection feed;

  protected abstract Presence presence();

  /** What it publishes on. */
  protected abstract PubSub pubSub();

  /** Lets this much time pass for leases and for all that was told. */
  protected abstract void pass(Duration time);

  /** As after FLUSHALL. */
  protected abstract void wipe();

  /** Writes may have been lost, but were not. */
  protected abstract void promote();

  @BeforeEach
  final void listen() {
    wipe();
    feed = await(pubSub().connect(listener));
    await(feed.subscribe(List.of(LOBBY)));
    await(presence().open("a"));
    await(presence().open("b"));
  }

  @AfterEach
  final void hangUp() {
    feed.close();
  }

  // --- Who is here -----------------------------------------------------------------------------

  @Test
  void somebody_with_devices_on_two_nodes_is_here_once() {
    come("a", ADA);
    come("b", ADA);
    come("b", BOB);

    assertThat(here().count()).isEqualTo(2);
    assertThat(here().people()).containsExactlyInAnyOrder(ADA, BOB);
    assertThat(told()).containsExactly("1 +[ada: 1]", "2 +[bob]");
  }

  @Test
  void who_leaves_one_node_is_here_as_long_as_another_has_them() {
    come("a", ADA);
    come("b", ADA);

    go("a", ADA);
    assertThat(here().people()).containsExactly(ADA);
    go("b", ADA);

    assertThat(here().people()).isEmpty();
    assertThat(told()).containsExactly("1 +[ada: 1]", "0 -[ada: 1]");
  }

  @Test
  void coming_twice_and_leaving_without_having_come_is_nothing() {
    come("a", ADA);
    come("a", ADA);
    go("a", BOB);
    go("b", ADA);

    assertThat(here().people()).containsExactly(ADA);
    assertThat(told()).containsExactly("1 +[ada: 1]");
  }

  @Test
  void rooms_do_not_know_each_other() {
    come("a", ADA);
    change("a", new Turnover(CELLAR, List.of(BOB), List.of(), false));

    assertThat(here().people()).containsExactly(ADA);
    assertThat(await(presence().here(CELLAR)).people()).containsExactly(BOB);
    assertThat(told()).containsExactly("1 +[ada: 1]");
  }

  @Test
  void people_are_told_of_by_id_and_name_and_by_nobody_in_particular() {
    come("a", ADA);

    listener.await(heard -> !heard.ephemerals().isEmpty());
    Ephemeral event = listener.ephemerals().getFirst();
    assertThat(event.type()).isEqualTo(EventType.PRESENCE);
    assertThat(event.room()).isEqualTo(LOBBY);
    assertThat(event.by()).isEmpty();
    assertThat(event.data()).doesNotContain("\u2028", "\n");
    JsonNode joined = json(event.data()).path("joined").path(0);
    assertThat(joined.path("id").asText()).isEqualTo(ADA.id().value());
    assertThat(joined.path("name").asText()).isEqualTo(ADA.name());
    assertThat(event.data()).endsWith(",\"left\":[]}");
  }

  // --- Versions --------------------------------------------------------------------------------

  @Test
  void every_change_that_is_told_raises_the_version_by_one() {
    assertThat(here().version()).isZero();
    come("a", ADA);
    come("b", ADA);
    come("a", BOB);
    go("a", BOB);

    List<Long> versions = versions(3);
    assertThat(versions.get(1)).isEqualTo(versions.get(0) + 1);
    assertThat(versions.get(2)).isEqualTo(versions.get(1) + 1);
    assertThat(here().version()).isEqualTo(versions.get(2));
  }

  @Test
  void many_changes_come_in_pieces_with_a_version_each() {
    List<Person> many = people(50);

    change("a", new Turnover(LOBBY, many, List.of(), false));
    change("a", new Turnover(LOBBY, List.of(), ids(many), true));

    List<Long> versions = versions(6);
    assertThat(versions)
        .containsExactlyElementsOf(
            IntStream.range(0, 6).mapToObj(i -> versions.getFirst() + i).toList());
    var joined = new ArrayList<String>();
    var left = new ArrayList<String>();
    for (Ephemeral event : listener.ephemerals()) {
      JsonNode data = json(event.data());
      data.path("joined").forEach(person -> joined.add(person.path("id").asText()));
      data.path("left").forEach(person -> left.add(person.path("id").asText()));
      assertThat(data.path("joined").size() + data.path("left").size())
          .isLessThanOrEqualTo(Limits.PRESENCE_EVENT_PEOPLE);
    }
    assertThat(joined)
        .containsExactlyInAnyOrderElementsOf(ids(many).stream().map(UserId::value).toList());
    assertThat(left).containsExactlyInAnyOrderElementsOf(joined);
  }

  @Test
  void a_version_that_was_forgotten_begins_above_all_that_it_was() {
    for (int i = 0; i < 20; i++) {
      come("a", ADA);
      go("a", ADA);
    }
    long before = here().version();
    wipe();
    pass(Duration.ofSeconds(1));
    await(presence().open("a2"));

    come("a2", ADA);

    assertThat(here().version()).isGreaterThan(before);
  }

  // --- Nodes that are gone ---------------------------------------------------------------------

  @Test
  void who_was_here_through_a_node_that_died_counts_for_nothing_before_it_is_swept() {
    come("a", ADA);
    come("b", BOB);
    dies("a");

    assertThat(here().people()).containsExactly(BOB);
    assertThat(here().count()).isEqualTo(1);
    assertThat(told()).hasSize(2);
  }

  @Test
  void a_sweep_tells_who_is_gone_with_a_dead_node_and_forgets_it() {
    come("a", ADA);
    come("a", BOB);
    come("b", BOB);
    dies("a");

    assertThat(await(presence().lapsed())).containsExactly("a");
    sweep("a");

    assertThat(here().people()).containsExactly(BOB);
    assertThat(told()).containsExactly("1 +[ada: 1]", "2 +[bob]", "1 -[ada: 1]");
    assertThat(await(presence().lapsed())).isEmpty();
  }

  @Test
  void a_sweep_takes_nothing_from_a_node_that_lives() {
    come("a", ADA);

    assertThat(await(presence().sweep("a"))).isFalse();

    assertThat(here().people()).containsExactly(ADA);
    assertThat(await(presence().renew("a"))).isTrue();
  }

  @Test
  void a_sweep_reaches_every_room_of_the_node() {
    List<RoomId> rooms = IntStream.range(0, 50).mapToObj(i -> new RoomId("r" + i)).toList();
    rooms.forEach(room -> change("a", new Turnover(room, List.of(ADA), List.of(), false)));
    change("a", new Turnover(rooms.getFirst(), List.of(), List.of(ADA.id()), true));
    dies("a");

    sweep("a");

    for (RoomId room : rooms) {
      assertThat(await(presence().here(room)).people()).isEmpty();
    }
  }

  @Test
  void a_renewed_lease_keeps_its_people_without_touching_them() {
    come("a", ADA);
    for (int i = 0; i < 5; i++) {
      pass(Limits.NODE_RENEW_EVERY);
      assertThat(await(presence().renew("a"))).isTrue();
    }

    assertThat(here().people()).containsExactly(ADA);
    assertThat(told()).hasSize(1);
  }

  @Test
  void a_lease_that_lapsed_is_over_for_good() {
    come("a", ADA);
    dies("a");

    assertThat(await(presence().renew("a"))).isFalse();
    assertThat(change("a", came(ADA))).isEqualTo(new Outcome.Over());
    assertThat(await(presence().lapsed())).containsExactly("a");
  }

  @Test
  void who_comes_back_through_another_node_before_the_sweep_is_told_of_again() {
    come("a", ADA);
    dies("a");
    // Somebody may have read just now that nobody is here.
    assertThat(here().people()).isEmpty();

    come("b", ADA);
    sweep("a");

    assertThat(here().people()).containsExactly(ADA);
    assertThat(told()).containsExactly("1 +[ada: 1]", "1 +[ada: 1]");
  }

  @Test
  void who_leaves_while_only_a_dead_node_has_them_has_left() {
    come("a", ADA);
    come("b", ADA);
    dies("a");

    go("b", ADA);

    assertThat(here().people()).isEmpty();
    assertThat(told()).containsExactly("1 +[ada: 1]", "0 -[ada: 1]");
  }

  @Test
  void after_a_wipe_every_lease_is_over_and_nothing_can_be_written_under_it() {
    come("a", ADA);
    wipe();

    assertThat(await(presence().renew("a"))).isFalse();
    assertThat(change("a", came(ADA))).isEqualTo(new Outcome.Over());
    assertThat(here()).isEqualTo(new Here(0, 0, List.of()));
  }

  @Test
  void a_node_that_takes_another_name_after_a_promotion_tells_nothing_if_nothing_was_lost() {
    come("a", ADA);
    promote();
    assertThat(await(presence().renew("a"))).isFalse();
    await(presence().open("a2"));

    come("a2", ADA);
    pass(Limits.NODE_RENEW_EVERY);
    assertThat(await(presence().renew("a2"))).isTrue();
    pass(Limits.NODE_LEASE.minus(Limits.NODE_RENEW_EVERY));
    sweep("a");

    assertThat(here().people()).containsExactly(ADA);
    assertThat(told()).containsExactly("1 +[ada: 1]");
  }

  // --- Crowds ----------------------------------------------------------------------------------

  @Test
  void in_a_crowd_only_its_size_is_told_and_at_most_once_a_second() {
    crowd(Limits.PRESENCE_NAMED);
    int before = told().size();
    pass(Limits.PRESENCE_COUNT_EVERY);

    assertThat(change("a", came(ADA))).isEqualTo(new Outcome.Done());
    Outcome second = change("a", came(BOB));
    assertThat(second).isInstanceOf(Outcome.Held.class);
    assertThat(((Outcome.Held) second).until())
        .isPositive()
        .isLessThanOrEqualTo(Limits.PRESENCE_COUNT_EVERY);
    pass(Limits.PRESENCE_COUNT_EVERY);
    assertThat(change("b", nothing())).isEqualTo(new Outcome.Done());
    assertThat(change("a", nothing())).isEqualTo(new Outcome.Done());

    List<String> told = told();
    assertThat(told.subList(before, told.size())).containsExactly("201", "202");
    assertThat(here().count()).isEqualTo(202);
    assertThat(here().people()).isEmpty();
  }

  @Test
  void thousands_who_come_at_once_are_told_of_once_a_second() {
    for (int i = 0; i < 50; i++) {
      change("a", new Turnover(LOBBY, people(i * 100, 100), List.of(), false));
    }
    pass(Limits.PRESENCE_COUNT_EVERY);
    change("a", nothing());

    List<String> told = told();
    assertThat(told.getLast()).isEqualTo("5000");
    assertThat(told.stream().filter(event -> !event.contains("["))).hasSizeLessThan(10);
    assertThat(here().count()).isEqualTo(5_000);
  }

  @Test
  void when_a_crowd_is_one_no_more_a_version_is_left_out() {
    crowd(Limits.PRESENCE_NAMED);
    pass(Limits.PRESENCE_COUNT_EVERY);
    come("a", ADA);
    long crowded = here().version();

    go("a", ADA);

    assertThat(here().version()).isEqualTo(crowded + 2);
    assertThat(here().people()).hasSize(Limits.PRESENCE_NAMED);
    assertThat(told()).endsWith("201", "200 -[ada: 1]");
  }

  // --- Typing ----------------------------------------------------------------------------------

  @Test
  void who_types_is_told_of() {
    assertThat(await(presence().typing(LOBBY, ADA))).isTrue();

    listener.await(heard -> !heard.ephemerals().isEmpty());
    Ephemeral event = listener.ephemerals().getFirst();
    assertThat(event.type()).isEqualTo(EventType.TYPING);
    assertThat(json(event.by().orElseThrow()).path("id").asText()).isEqualTo(ADA.id().value());
    assertThat(event.data()).isEqualTo("{\"expires_in_s\":6}");
  }

  @Test
  void who_says_it_too_often_is_told_of_every_two_seconds() {
    assertThat(await(presence().typing(LOBBY, ADA))).isTrue();
    assertThat(await(presence().typing(LOBBY, ADA))).isFalse();
    assertThat(await(presence().typing(LOBBY, BOB))).isTrue();
    assertThat(await(presence().typing(CELLAR, ADA))).isTrue();
    pass(Limits.TYPING_EVERY);

    assertThat(await(presence().typing(LOBBY, ADA))).isTrue();
  }

  @Test
  void of_many_who_type_at_once_some_are_told_of() {
    long told =
        people(Limits.TYPING_PER_ROOM_SECOND * 3).stream()
            .map(person -> presence().typing(LOBBY, person))
            .toList()
            .stream()
            .filter(PresenceContract::await)
            .count();

    // Two seconds' worth, should the clock's second have ended meanwhile.
    assertThat(told)
        .isBetween((long) Limits.TYPING_PER_ROOM_SECOND, Limits.TYPING_PER_ROOM_SECOND * 2L);
  }

  @Test
  void in_a_crowd_nobody_is_told_of_who_types() {
    crowd(Limits.PRESENCE_NAMED + 1);

    assertThat(await(presence().typing(LOBBY, ADA))).isFalse();
  }

  @Test
  void a_turnover_of_too_many_is_a_bug() {
    var tooMany =
        new Turnover(LOBBY, people(Limits.PRESENCE_CHANGE_PEOPLE), List.of(ADA.id()), false);

    assertThatThrownBy(() -> presence().change("a", tooMany))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // --- Saying it shortly -----------------------------------------------------------------------

  private void come(String node, Person person) {
    assertThat(change(node, came(person))).isEqualTo(new Outcome.Done());
  }

  private void go(String node, Person person) {
    var went = new Turnover(LOBBY, List.of(), List.of(person.id()), false);
    assertThat(change(node, went)).isEqualTo(new Outcome.Done());
  }

  private static Turnover came(Person person) {
    return new Turnover(LOBBY, List.of(person), List.of(), false);
  }

  private static Turnover nothing() {
    return new Turnover(LOBBY, List.of(), List.of(), false);
  }

  private Outcome change(String node, Turnover turnover) {
    return await(presence().change(node, turnover));
  }

  /** So many people besides Ada and Bob are here. */
  private void crowd(int size) {
    for (int from = 0; from < size; from += Limits.PRESENCE_CHANGE_PEOPLE) {
      int some = Math.min(Limits.PRESENCE_CHANGE_PEOPLE, size - from);
      change("a", new Turnover(LOBBY, people(from, some), List.of(), false));
    }
  }

  private static List<Person> people(int count) {
    return people(0, count);
  }

  private static List<Person> people(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> new Person(new UserId("u" + i), "U " + i))
        .toList();
  }

  private static List<UserId> ids(List<Person> people) {
    return people.stream().map(Person::id).toList();
  }

  /** Only this one: the other goes on renewing. */
  private void dies(String node) {
    String other = node.equals("a") ? "b" : "a";
    for (Duration gone = Duration.ZERO;
        gone.compareTo(Limits.NODE_LEASE) <= 0;
        gone = gone.plus(Limits.NODE_RENEW_EVERY)) {
      assertThat(await(presence().renew(other))).isTrue();
      pass(Limits.NODE_RENEW_EVERY);
    }
    assertThat(await(presence().renew(other))).isTrue();
  }

  private void sweep(String node) {
    int turns = 0;
    while (await(presence().sweep(node))) {
      assertThat(++turns).isLessThan(1_000);
    }
  }

  private Here here() {
    return await(presence().here(LOBBY));
  }

  private List<Long> versions(int atLeast) {
    listener.await(heard -> heard.ephemerals().size() >= atLeast);
    return listener.ephemerals().stream()
        .map(event -> json(event.data()).path("version").asLong())
        .toList();
  }

  /** What was told up to now, as words: {@code 2 +[ada,bob] -[eve]}, {@code 201} in a crowd. */
  private List<String> told() {
    // The reply comes behind all that was published before.
    await(feed.heads(List.of(LOBBY)));
    return listener.ephemerals().stream().map(event -> words(json(event.data()))).toList();
  }

  private static String words(JsonNode data) {
    String words = data.path("count").asText();
    words += words("+", data.path("joined"));
    return words + words("-", data.path("left"));
  }

  private static String words(String sign, JsonNode people) {
    var ids = new ArrayList<String>();
    people.forEach(person -> ids.add(person.path("id").asText()));
    return ids.isEmpty() ? "" : " " + sign + "[" + String.join(",", ids) + "]";
  }

  private static JsonNode json(String text) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JsonProcessingException wrong) {
      throw new AssertionError(wrong);
    }
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(60, TimeUnit.SECONDS).join();
  }
}
