package partyline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Append;
import partyline.room.AppendResult;
import partyline.room.Author;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Field;
import partyline.room.Limits;
import partyline.room.LogPage;
import partyline.room.Partition;
import partyline.room.Partitions;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.chat.Actor;
import partyline.room.chat.Command;
import partyline.room.chat.Commands;
import partyline.room.chat.Intent;
import partyline.room.chat.Outcome;
import partyline.room.chat.Policy;
import partyline.room.chat.Rules;
import partyline.room.partitioned.AnsweredHorizon;
import partyline.room.partitioned.PartitionedRoomLog;
import partyline.room.process.Eventually;
import partyline.room.redis.RedisConfig;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisRoomLists;
import partyline.room.redis.RedisRoomLog;
import partyline.room.redis.local.LocalRedis;
import partyline.room.redis.local.RedisBinary;

/** What people find in their inboxes of what happened in other partitions than their own. */
final class PartitionedInboxesTest {
  private static final Partitions TWO = Partitions.of(2);
  private static final Policy POLICY = new Policy(Policy.Creation.MEMBERS, true);
  private static final UserId ADA = new UserId("ada");

  /** In ada's partition. */
  private static final RoomId HOME = roomIn(TWO.of(ADA));

  /** In the other one. */
  private static final RoomId AWAY = roomIn(TWO.all().get(1 - TWO.of(ADA).index()));

  private static LocalRedis redis;
  private static RedisConnections connections;
  private static Logs logs;

  private Commands commands;

  /** The log of each partition, and all of them as one. */
  private record Logs(List<RedisRoomLog> parts, PartitionedRoomLog all) {}

  @BeforeAll
  static void start() {
    redis = LocalRedis.of(RedisBinary.find()).appendOnly(false).start();
    connections = RedisConnections.open(RedisConfig.parse(redis.uri(), ""));
    List<RedisRoomLog> parts = TWO.each(partition -> new RedisRoomLog(connections.in(partition)));
    logs =
        new Logs(
            parts,
            new PartitionedRoomLog(
                TWO,
                parts.stream()
                    .map(part -> new PartitionedRoomLog.Part(part, new AnsweredHorizon()))
                    .toList()));
    Eventually.holds(
        "all are connected",
        () ->
            parts.stream()
                .allMatch(part ->
                    part.beat(EventId.ZERO)
                        .toCompletableFuture()
                        .handle((_, failure) -> failure == null)
                        .join()));
  }

  @AfterAll
  static void stop() {
    connections.close();
    redis.close();
  }

  @BeforeEach
  void begin() {
    redis.command("FLUSHALL");
    commands = new Commands(logs.all(), new Rules(POLICY), () -> EventId.ZERO);
  }

  @Test
  void who_is_mentioned_in_another_partition_finds_it_in_the_inbox_of_their_own() throws Exception {
    Event said = mention(AWAY);

    inboxes(TWO.of(AWAY)).act(List.of(said));

    assertThat(inbox(ADA)).hasSize(1);
    assertThat(inbox(ADA).getFirst().data()).contains(said.id().toString());
  }

  @Test
  void each_event_is_told_once_whatever_died_was_repeated_or_came_from_both() throws Exception {
    var said = new ArrayList<Event>();
    for (int i = 0; i < 5; i++) {
      said.add(mention(AWAY));
      said.add(mention(HOME));
    }
    List<Event> away = said.stream().filter(event -> event.room().equals(AWAY)).toList();
    List<Event> home = said.stream().filter(event -> event.room().equals(HOME)).toList();

    // One died before it committed; two at once do it again, each in both partitions.
    inboxes(TWO.of(AWAY)).act(away.subList(0, 3));
    var workers =
        IntStream.range(0, 2)
            .mapToObj(i -> Thread.ofVirtual().start(() -> both(away, home)))
            .toList();
    for (Thread worker : workers) {
      worker.join();
    }

    assertThat(inbox(ADA)).hasSize(10);
    assertThat(inbox(ADA)).extracting(Event::data).doesNotHaveDuplicates();
    assertThat(inbox(ADA).stream().filter(told -> told.data().contains(AWAY.value())))
        .extracting(PartitionedInboxesTest::number)
        .as("those of one partition in its order")
        .containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void what_was_told_of_one_partition_hides_nothing_of_another_whose_ids_are_lower()
      throws Exception {
    Event low = mention(AWAY);
    EventId far = new EventId(low.id().ms() + 600_000, 0);
    String ofAda = "{\"member\":{\"id\":\"ada\"}}";
    var high =
        new Event(far, HOME, EventType.MEMBER_JOINED, low.at(), EventId.ZERO, 0, low.by(), ofAda);

    inboxes(TWO.of(HOME)).act(List.of(high));
    inboxes(TWO.of(AWAY)).act(List.of(low));

    assertThat(inbox(ADA))
        .extracting(Event::type)
        .containsExactly(EventType.ROOM_ADDED, EventType.MENTION_CREATED);
  }

  @Test
  void the_list_of_somebodys_rooms_follows_rooms_elsewhere_in_their_order() throws Exception {
    does(ADA, AWAY, new Command.Join());
    does(ADA, AWAY, new Command.Leave());
    does(ADA, AWAY, new Command.Join());
    List<Event> changes = entries(TWO.of(AWAY));
    assertThat(listed()).isEmpty();

    inboxes(TWO.of(AWAY)).act(changes);
    assertThat(listed()).isPresent();

    // All once more, by who did not know: nothing is taken back in between.
    inboxes(TWO.of(AWAY)).act(changes);
    assertThat(listed()).isPresent();
    assertThat(inbox(ADA))
        .extracting(Event::type)
        .containsExactly("room.added", "room.removed", "room.added");
  }

  @Test
  void what_a_failover_took_back_of_notices_is_told_again_although_their_events_stand_elsewhere()
      throws Exception {
    Event kept = mention(AWAY);
    inboxes(TWO.of(AWAY)).act(List.of(kept));
    copy(TWO.of(ADA));
    Event told = mention(AWAY);
    does(ADA, AWAY, new Command.Join());
    inboxes(TWO.of(AWAY)).act(entries(TWO.of(AWAY)));
    assertThat(inbox(ADA)).hasSize(3);
    Epoch epoch = failOver(TWO.of(ADA));
    assertThat(inbox(ADA)).hasSize(1);
    assertThat(listed()).isEmpty();

    inboxes(TWO.of(ADA)).undo(epoch);

    assertThat(inbox(ADA))
        .extracting(Event::type)
        .containsExactly("mention.created", "mention.created", "room.added");
    assertThat(inbox(ADA)).extracting(Event::data).doesNotHaveDuplicates();
    assertThat(inbox(ADA).get(1).data()).contains(told.id().toString());
    assertThat(listed()).isPresent();

    // By who does the same at the same time, or tells for the first time what comes.
    inboxes(TWO.of(ADA)).undo(epoch);
    inboxes(TWO.of(AWAY)).act(entries(TWO.of(AWAY)));
    assertThat(inbox(ADA)).hasSize(3);
  }

  // --- Helpers of these tests ------------------------------------------------------------------

  private static RoomId roomIn(Partition partition) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> new RoomId("room-" + i))
        .filter(room -> TWO.of(room).equals(partition))
        .findFirst()
        .orElseThrow();
  }

  private static Inboxes inboxes(Partition from) {
    Partition other = TWO.all().get(1 - from.index());
    var neighbour =
        new Inboxes.Neighbour(other, logs.parts().get(other.index()), inboxes(other, List.of()));
    return inboxes(from, List.of(neighbour));
  }

  private static Inboxes inboxes(Partition from, List<Inboxes.Neighbour> neighbours) {
    var lists = new RedisRoomLists(connections.in(from));
    return new Inboxes(logs.all(), lists, POLICY, new Whereto(TWO, from), neighbours);
  }

  /** As if a replica had this, and no more. */
  private static void copy(Partition partition) {
    keys("{" + partition.tag() + "}*")
        .forEach(key -> redis.command("COPY", key, "copy of " + key, "REPLACE"));
  }

  /** The replica takes over; what begins there. */
  private static Epoch failOver(Partition partition) throws Exception {
    keys("{" + partition.tag() + "}*").forEach(key -> redis.command("DEL", key));
    keys("copy of {" + partition.tag() + "}*")
        .forEach(key -> redis.command("RENAME", key, key.replace("copy of ", "")));
    redis.command("HSET", "{" + partition.tag() + "}:epochs", "replid", "of another one");
    LogPage page =
        Await.answer(
            logs.parts()
                .get(partition.index())
                .log(EventId.ZERO, EventId.ZERO, Limits.LOG_PAGE_ENTRIES));
    return (Epoch) page.entries().getLast();
  }

  private static List<String> keys(String pattern) {
    var keys = new ArrayList<String>();
    if (redis.command("KEYS", pattern) instanceof List<?> found) {
      found.forEach(key -> keys.add(String.valueOf(key)));
    }
    return keys;
  }

  private static void both(List<Event> away, List<Event> home) {
    try {
      inboxes(TWO.of(AWAY)).act(away);
      inboxes(TWO.of(HOME)).act(home);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Event mention(RoomId room) throws Exception {
    String data = "{\"text\":\"hi\",\"mentions\":[\"ada\"]}";
    Append append =
        Append.of(room, EventType.MESSAGE_CREATED, "{\"id\":\"bob\",\"name\":\"Bob\"}", data);
    AppendResult result = Await.answer(logs.all().append(append, EventId.ZERO));
    assertThat(result).isInstanceOf(AppendResult.Appended.class);
    return ((AppendResult.Appended) result).event();
  }

  private void does(UserId who, RoomId room, Command command) throws Exception {
    var author = new Author(who, who.value(), Optional.empty(), Author.Kind.MEMBER);
    assertThat(Await.answer(commands.carryOut(new Intent(room, Actor.of(author), command))))
        .isInstanceOf(Outcome.Done.class);
  }

  private static Optional<String> listed() throws Exception {
    Field field = Field.person(ADA, "room:" + AWAY);
    return Await.answer(logs.all().view(RoomId.inboxOf(ADA), List.of(field), List.of()))
        .field(field);
  }

  private static long number(Event told) {
    return Long.parseLong(told.data().replaceAll(".*\"number\":(\\d+).*", "$1"));
  }

  private static List<Event> inbox(UserId user) throws Exception {
    RoomId inbox = RoomId.inboxOf(user);
    return entries(TWO.of(user)).stream().filter(event -> event.room().equals(inbox)).toList();
  }

  private static List<Event> entries(Partition partition) throws Exception {
    var page =
        Await.answer(
            logs.parts()
                .get(partition.index())
                .log(EventId.ZERO, EventId.ZERO, Limits.LOG_PAGE_ENTRIES));
    return page.entries().stream().filter(Event.class::isInstance).map(Event.class::cast).toList();
  }
}
