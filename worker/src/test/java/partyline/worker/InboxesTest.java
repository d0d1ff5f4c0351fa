package partyline.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.room.Author;
import partyline.room.Epoch;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.LogEntry;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.chat.Actor;
import partyline.room.chat.Command;
import partyline.room.chat.Commands;
import partyline.room.chat.Direct;
import partyline.room.chat.Intent;
import partyline.room.chat.Outcome;
import partyline.room.chat.Policy;
import partyline.room.chat.Role;
import partyline.room.chat.Rules;
import partyline.room.chat.SettingsChange;
import partyline.room.redis.FreshRedis;
import partyline.room.redis.RedisConnections;
import partyline.room.redis.RedisJobLedger;
import partyline.room.redis.RedisMemberships;
import partyline.room.redis.RedisRoomLists;
import partyline.room.redis.RedisRoomLog;

/** What people find in their inboxes of what happened in rooms, on a real log. */
final class InboxesTest {
  private static final RoomId LOBBY = new RoomId("lobby");
  private static final UserId ADA = new UserId("ada");
  private static final UserId BOB = new UserId("bob");
  private static final UserId EVE = new UserId("eve");
  private static final Policy POLICY = new Policy(Policy.Creation.MEMBERS, true);

  private static FreshRedis redis;
  private static RedisConnections connections;
  private static RedisRoomLog log;
  private static RedisJobLedger ledger;

  private Commands commands;
  private Inboxes inboxes;

  @BeforeAll
  static void start() {
    redis = FreshRedis.start();
    connections = redis.connections();
    log = redis.log();
    ledger = redis.ledger();
  }

  @BeforeEach
  void begin() {
    commands = new Commands(log, new Rules(POLICY), () -> EventId.ZERO);
    inboxes = new Inboxes(log, new RedisRoomLists(connections), POLICY);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void forget() {
    redis.empty();
  }

  @Test
  void who_is_mentioned_finds_ids_and_no_text_in_their_inbox() throws Exception {
    Event said = mention(LOBBY, ADA, BOB, EVE, ADA);

    inboxes.act(List.of(said));

    Event told = only(inbox(BOB));
    assertThat(told.type()).isEqualTo("mention.created");
    assertThat(told.by()).isEqualTo(said.by());
    assertThat(told.data())
        .isEqualTo("{\"room\":\"lobby\",\"message_id\":\"" + said.id() + "\",\"number\":1}");
    assertThat(inbox(EVE)).hasSize(1);
    assertThat(inbox(ADA)).isEmpty();
  }

  @Test
  void a_worker_that_died_before_it_committed_has_nobody_told_twice() throws Exception {
    JobLoop first = loop("w1");
    catchUp(first);
    Event one = mention(LOBBY, ADA, BOB);
    Event two = mention(LOBBY, ADA, BOB, EVE);
    // All of the first and half of the second is done; nothing is committed.
    inboxes.act(List.of(one));
    inboxes.act(List.of(withMentions(two, BOB)));

    redis.command("DEL", "{t}:job:inboxes");
    catchUp(loop("w2"));

    assertThat(inbox(BOB)).hasSize(2);
    assertThat(inbox(EVE)).hasSize(1);
  }

  @Test
  void two_workers_at_once_tell_of_each_mention_once() throws Exception {
    List<Event> said = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      said.add(mention(LOBBY, ADA, BOB));
    }

    var workers =
        IntStream.range(0, 2)
            .mapToObj(i ->
                Thread.ofVirtual()
                    .start(
                        () -> act(new Inboxes(log, new RedisRoomLists(connections), POLICY), said)))
            .toList();
    for (Thread worker : workers) {
      worker.join();
    }

    assertThat(inbox(BOB)).hasSize(20);
  }

  @Test
  void a_mention_tells_nobody_of_a_room_they_may_not_read() throws Exception {
    settle(new RoomId("secret"), "private");
    done(ADA, new RoomId("secret"), new Command.SetMember(BOB, Role.MEMBER));
    Event said = mention(new RoomId("secret"), ADA, BOB, EVE);

    inboxes.act(List.of(said));

    assertThat(inbox(BOB)).hasSize(1);
    assertThat(inbox(EVE)).isEmpty();
  }

  @Test
  void a_message_that_was_deleted_meanwhile_mentions_nobody() throws Exception {
    Event said = mention(LOBBY, ADA, BOB);
    done(ADA, LOBBY, new Command.Delete(said.id()));

    inboxes.act(List.of(said));

    assertThat(inbox(BOB)).isEmpty();
  }

  @Test
  void who_comes_to_belong_to_a_room_or_no_more_is_told() throws Exception {
    settle(LOBBY, "members");
    done(ADA, LOBBY, new Command.SetMember(BOB, Role.MEMBER));
    done(ADA, LOBBY, new Command.RemoveMember(BOB));
    Direct direct = Direct.of(List.of(BOB, EVE)).orElseThrow();
    done(EVE, direct.room(), new Command.OpenDirect(direct));

    act(inboxes, all());

    assertThat(inbox(ADA)).extracting(Event::type).containsExactly("room.added");
    assertThat(inbox(BOB))
        .extracting(event -> event.type() + " " + event.data())
        .containsExactly(
            "room.added {\"room\":\"lobby\"}",
            "room.removed {\"room\":\"lobby\"}",
            "room.added {\"room\":\"" + direct.room() + "\"}");
    assertThat(inbox(EVE)).hasSize(1);
  }

  @Test
  void who_is_banned_is_told_if_they_were_in_it() throws Exception {
    settle(LOBBY, "private");
    done(ADA, LOBBY, new Command.SetMember(BOB, Role.MEMBER));
    for (UserId user : List.of(BOB, EVE)) {
      done(ADA, LOBBY, new Command.Ban(user, Optional.empty(), Optional.empty()));
    }

    act(inboxes, all());

    assertThat(inbox(BOB)).extracting(Event::type).containsExactly("room.added", "room.removed");
    assertThat(inbox(EVE)).isEmpty();
  }

  @Test
  void all_who_were_in_a_room_that_is_deleted_are_told_once() throws Exception {
    settle(LOBBY, "members");
    done(ADA, LOBBY, new Command.SetMember(BOB, Role.MEMBER));
    done(EVE, LOBBY, new Command.Join());
    done(EVE, LOBBY, new Command.Leave());
    Event deleted = done(ADA, LOBBY, new Command.DeleteRoom());

    act(inboxes, List.of(deleted));
    // Another worker that died before it committed.
    act(inboxes, List.of(deleted));

    assertThat(inbox(BOB))
        .extracting(event -> event.type() + " " + event.data())
        .containsExactly("room.removed {\"room\":\"lobby\"}");
    assertThat(inbox(ADA)).hasSize(1);
    assertThat(inbox(EVE)).isEmpty();
    assertThat(Await.answer(new RedisMemberships(connections).of(BOB))).isEmpty();
  }

  private void settle(RoomId room, String access) throws Exception {
    ObjectNode settings = Json.MAPPER.createObjectNode().put("access", access);
    done(ADA, room, new Command.PutRoom(SettingsChange.of(settings)));
  }

  private Event mention(RoomId room, UserId by, UserId... mentioned) throws Exception {
    var post =
        new Command.Post(
            "hello",
            Optional.empty(),
            List.of(mentioned),
            Optional.empty(),
            Optional.empty(),
            Command.MessageKind.USER,
            Optional.empty());
    return done(by, room, post);
  }

  private Event done(UserId by, RoomId room, Command command) throws Exception {
    var author = new Author(by, by.value(), Optional.empty(), Author.Kind.MEMBER);
    Outcome outcome = Await.answer(commands.carryOut(new Intent(room, Actor.of(author), command)));
    if (outcome instanceof Outcome.Limited(Duration wait)) {
      redis.command("DEL", "{t}:rate:" + by);
      assertThat(wait).isPositive();
      return done(by, room, command);
    }
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).event();
  }

  private static Event withMentions(Event event, UserId mentioned) throws JsonProcessingException {
    var data = (ObjectNode) Json.MAPPER.readTree(event.data());
    data.putArray("mentions").add(mentioned.value());
    return new Event(
        event.id(),
        event.room(),
        event.type(),
        event.at(),
        event.prev(),
        event.number(),
        event.by(),
        Json.line(data));
  }

  private static List<Event> inbox(UserId user) throws Exception {
    RoomId inbox = RoomId.inboxOf(user);
    return all().stream().filter(event -> event.room().equals(inbox)).toList();
  }

  private static List<Event> all() throws Exception {
    var events = new ArrayList<Event>();
    for (LogEntry entry :
        Await.answer(log.log(EventId.ZERO, EventId.ZERO, Limits.LOG_PAGE_ENTRIES)).entries()) {
      switch (entry) {
        case Event event -> events.add(event);
        case Epoch _, LogEntry.Unreadable _ -> {}
      }
    }
    return events;
  }

  private static Event only(List<Event> events) {
    assertThat(events).hasSize(1);
    return events.getFirst();
  }

  private static void act(Inboxes inboxes, List<Event> events) {
    try {
      inboxes.act(events);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void catchUp(JobLoop loop) throws InterruptedException {
    while (!loop.turn().equals(Limits.JOB_IDLE)) {}
  }

  private JobLoop loop(String owner) {
    var counters = new Counters();
    var cursor = new JobCursor(inboxes, log, ledger, counters);
    return new JobLoop(cursor, ledger, owner, counters, new Random(7));
  }
}
