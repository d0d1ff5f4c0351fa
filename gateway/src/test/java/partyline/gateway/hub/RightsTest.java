package partyline.gateway.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.gateway.connection.Goodbye;
import partyline.gateway.connection.Reset;
import partyline.room.Author;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.View;
import partyline.room.chat.Actor;
import partyline.room.chat.Command;
import partyline.room.chat.Commands;
import partyline.room.chat.Intent;
import partyline.room.chat.Outcome;
import partyline.room.chat.Permission;
import partyline.room.chat.Policy;
import partyline.room.chat.Role;
import partyline.room.chat.Rules;
import partyline.room.chat.SettingsChange;
import partyline.room.chat.Standing;
import partyline.room.chat.Turn;

/** Who loses the right to read a room hears why, and nothing after it; hub and feed as they are. */
final class RightsTest {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final RoomId CELLAR = new RoomId("cellar");
  private static final Start NOW = new Start.Now();
  private static final Policy POLICY = new Policy(Policy.Creation.MEMBERS, true);

  private final MemoryCluster cluster = new MemoryCluster();
  private final MemoryCluster.Node node = cluster.start(1);
  private final Commands commands =
      new Commands(cluster.log, new Rules(POLICY), () -> EventId.ZERO);
  private final Visitor ada = new Person("ada");
  private final Visitor bob = new Person("bob");

  @BeforeEach
  void the_rooms_are_there() {
    cluster.say(LOBBY);
    cluster.say(CELLAR);
    cluster.run();
  }

  // --- Bans ------------------------------------------------------------------------------------

  @Test
  void a_ban_is_the_last_that_the_banned_one_hears_of_the_room() {
    RecordingConnection bobs = listen(bob, NOW, CELLAR, LOBBY);
    RecordingConnection adas = listen(ada, NOW, CELLAR, LOBBY);

    EventId ban = site(LOBBY, ban("bob"));
    EventId lobby = cluster.say(LOBBY);
    EventId cellar = cluster.say(CELLAR);
    cluster.run();

    assertThat(afterReady(bobs)).containsExactly(text(ban), forbidden(ban), text(cellar));
    assertThat(bobs.resets.getFirst().rooms()).containsExactly(LOBBY);
    assertThat(bobs.goodbyes).isEmpty();
    assertThat(afterReady(adas)).containsExactly(text(ban), text(lobby), text(cellar));
  }

  @Test
  void who_is_left_without_a_room_is_sent_away() {
    RecordingConnection bobs = listen(bob, NOW, LOBBY);

    EventId ban = site(LOBBY, ban("bob"));
    cluster.say(LOBBY);
    cluster.run();

    assertThat(afterReady(bobs)).containsExactly(text(ban), forbidden(ban), "bye forbidden");
    assertThat(node.hubs.getFirst().size()).isZero();
  }

  @Test
  void everybody_else_hears_on_whoever_is_thrown_out_beside_them() {
    var all = new ArrayList<RecordingConnection>();
    for (int i = 0; i < 5; i++) {
      all.add(listen(bob, NOW, LOBBY));
      all.add(listen(ada, NOW, LOBBY));
    }

    site(LOBBY, ban("bob"));
    EventId later = cluster.say(LOBBY);
    cluster.run();

    for (int i = 0; i < all.size(); i++) {
      boolean adas = i % 2 == 1;
      assertThat(all.get(i).ids().contains(text(later))).isEqualTo(adas);
      assertThat(all.get(i).goodbyes).isEqualTo(adas ? List.of() : List.of(Goodbye.FORBIDDEN));
    }
  }

  @Test
  void who_is_behind_comes_to_the_ban_in_its_place() {
    RecordingConnection bobs = RecordingConnection.that();
    join(bob, bobs, NOW, CELLAR, LOBBY);
    bobs.takes(1);
    EventId one = cluster.say(LOBBY);
    EventId two = cluster.say(CELLAR);
    EventId ban = site(LOBBY, ban("bob"));
    cluster.say(LOBBY);
    EventId cellar = cluster.say(CELLAR);
    cluster.run();

    bobs.drains(100);
    cluster.run();

    assertThat(afterReady(bobs))
        .containsExactly(text(one), text(two), text(ban), forbidden(ban), text(cellar));
  }

  @Test
  void who_resumes_from_redis_comes_to_a_ban_that_happened_meanwhile_in_its_place() {
    EventId cursor = cluster.say(LOBBY);
    EventId one = cluster.say(CELLAR);
    Map<RoomId, EventId> readAt = heads(CELLAR, LOBBY);
    EventId ban = site(LOBBY, ban("bob"));
    cluster.say(LOBBY);
    EventId cellar = cluster.say(CELLAR);
    var bobs = RecordingConnection.that();

    node.hubs
        .getFirst()
        .join(bobs, List.of(CELLAR, LOBBY), new Start.After(cursor), bob, Attendee.NOBODY, readAt);
    cluster.run();

    assertThat(bobs.ids()).doesNotContain(text(EventId.ZERO)).contains(text(one), text(cellar));
    assertThat(bobs.told).filteredOn(word -> word.startsWith("reset")).hasSize(1);
    assertThat(bobs.events)
        .noneMatch(frame -> frame.room().equals(LOBBY) && frame.id().isAfter(ban));
  }

  // --- Rooms that close ------------------------------------------------------------------------

  @Test
  void a_room_that_becomes_private_is_lost_by_strangers_and_kept_by_members() {
    site(LOBBY, new Command.SetMember(new UserId("ada"), Role.MEMBER));
    cluster.run();
    RecordingConnection adas = listen(ada, NOW, LOBBY);
    RecordingConnection bobs = listen(bob, NOW, CELLAR, LOBBY);

    EventId closed = site(LOBBY, new Command.ChangeSettings(change("{\"access\":\"private\"}")));
    EventId said = cluster.say(LOBBY);
    cluster.run();

    assertThat(afterReady(bobs)).containsExactly(text(closed), forbidden(closed));
    assertThat(afterReady(adas)).containsExactly(text(closed), text(said));
  }

  @Test
  void who_is_removed_from_a_private_room_hears_no_more_of_it_and_who_leaves_an_open_one_does() {
    site(LOBBY, new Command.SetMember(new UserId("bob"), Role.MEMBER));
    site(CELLAR, new Command.SetMember(new UserId("bob"), Role.MEMBER));
    site(LOBBY, new Command.ChangeSettings(change("{\"access\":\"private\"}")));
    cluster.run();
    RecordingConnection bobs = listen(bob, NOW, CELLAR, LOBBY);

    EventId removed = site(LOBBY, new Command.RemoveMember(new UserId("bob")));
    EventId left = site(CELLAR, new Command.RemoveMember(new UserId("bob")));
    cluster.say(LOBBY);
    EventId cellar = cluster.say(CELLAR);
    cluster.run();

    assertThat(afterReady(bobs))
        .containsExactly(text(removed), forbidden(removed), text(left), text(cellar));
  }

  @Test
  void a_deleted_room_is_lost_by_all() {
    RecordingConnection adas = listen(ada, NOW, LOBBY);

    EventId deleted = site(LOBBY, new Command.DeleteRoom());
    cluster.run();

    assertThat(afterReady(adas))
        .containsExactly(text(deleted), forbidden(deleted), "bye forbidden");
  }

  // --- Races -----------------------------------------------------------------------------------

  @Test
  void a_ban_between_the_reading_of_the_rights_and_the_opening_of_the_room_is_noticed() {
    cluster.say(LOBBY);
    Map<RoomId, EventId> readAt = heads(LOBBY);
    site(LOBBY, ban("bob"));
    var bobs = RecordingConnection.that();

    node.hubs.getFirst().join(bobs, List.of(LOBBY), NOW, bob, Attendee.NOBODY, readAt);
    cluster.run();
    cluster.say(LOBBY);
    cluster.run();

    assertThat(bobs.events).isEmpty();
    assertThat(bobs.resets).extracting(Reset::reason).containsExactly(Reset.Reason.FORBIDDEN);
    assertThat(bobs.goodbyes).containsExactly(Goodbye.FORBIDDEN);
  }

  @Test
  void a_ban_that_others_heard_before_one_joined_is_noticed_too() {
    listen(ada, NOW, LOBBY);
    cluster.say(LOBBY);
    Map<RoomId, EventId> readAt = heads(LOBBY);
    site(LOBBY, ban("bob"));
    cluster.run();
    var bobs = RecordingConnection.that();

    node.hubs.getFirst().join(bobs, List.of(LOBBY), NOW, bob, Attendee.NOBODY, readAt);
    cluster.say(LOBBY);
    cluster.run();

    assertThat(bobs.events).isEmpty();
    assertThat(bobs.goodbyes).containsExactly(Goodbye.FORBIDDEN);
  }

  @Test
  void a_ban_that_was_trimmed_away_is_noticed_all_the_same() {
    RecordingConnection bobs = RecordingConnection.that();
    join(bob, bobs, NOW, CELLAR, LOBBY);
    bobs.takes(0);
    cluster.say(LOBBY);
    site(LOBBY, ban("bob"));
    EventId last = cluster.say(LOBBY);
    cluster.run();
    cluster.log.trimResume(LOBBY, 1);
    for (int i = 0; i < 5_000; i++) {
      cluster.say(CELLAR);
    }
    cluster.run();

    bobs.drains(10_000);
    cluster.run();

    assertThat(bobs.ids()).doesNotContain(text(last));
    assertThat(bobs.resets).extracting(Reset::reason).contains(Reset.Reason.FORBIDDEN);
  }

  @Test
  void while_nobody_can_say_nothing_is_told_and_then_it_goes_on_where_it_stood() {
    RecordingConnection bobs = listen(bob, NOW, LOBBY);
    EventId opened = site(LOBBY, new Command.ChangeSettings(change("{\"access\":\"members\"}")));
    cluster.log.unavailable(true);
    cluster.run();
    assertThat(afterReady(bobs)).containsExactly(text(opened));

    cluster.log.unavailable(false);
    cluster.pass(6_000);

    assertThat(afterReady(bobs)).endsWith(forbidden(opened), "bye forbidden");
  }

  @Test
  void a_service_and_who_was_there_as_a_member_lose_nothing_by_what_concerns_others() {
    site(LOBBY, new Command.SetMember(new UserId("ada"), Role.OWNER));
    cluster.run();
    RecordingConnection adas = listen(ada, NOW, LOBBY);

    site(LOBBY, ban("bob"));
    site(LOBBY, new Command.ChangeSettings(change("{\"title\":\"The lobby\"}")));
    site(LOBBY, new Command.ChangeSettings(change("{\"access\":\"members\"}")));
    cluster.say(LOBBY);
    cluster.run();

    assertThat(adas.ids()).hasSize(4);
    assertThat(adas.resets).isEmpty();
  }

  // --- Helpers ---------------------------------------------------------------------------------

  private RecordingConnection listen(Visitor visitor, Start start, RoomId... rooms) {
    var connection = RecordingConnection.that();
    join(visitor, connection, start, rooms);
    return connection;
  }

  private void join(Visitor visitor, RecordingConnection to, Start start, RoomId... rooms) {
    node.hubs.getFirst().join(to, List.of(rooms), start, visitor, Attendee.NOBODY, heads(rooms));
    cluster.run();
  }

  private Map<RoomId, EventId> heads(RoomId... rooms) {
    return now(cluster.log.heads(List.of(rooms)));
  }

  private EventId site(RoomId room, Command command) {
    var author = new Author(new UserId("site"), "site", Optional.empty(), Author.Kind.SERVICE);
    Outcome outcome =
        now(commands.carryOut(new Intent(room, new Actor(author, Set.of()), command)));
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).event().id();
  }

  private static Command ban(String user) {
    return new Command.Ban(new UserId(user), Optional.empty(), Optional.empty());
  }

  private static SettingsChange change(String settings) {
    try {
      return SettingsChange.of((ObjectNode) Json.MAPPER.readTree(settings));
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException(wrong);
    }
  }

  private static List<String> afterReady(RecordingConnection connection) {
    return connection.told.stream().filter(word -> !word.startsWith("ready")).toList();
  }

  private static String text(EventId id) {
    return id.toString();
  }

  private static String forbidden(EventId id) {
    return "reset forbidden " + id;
  }

  private static <T> T now(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private final class Person implements Visitor {

    private final Actor actor;

    Person(String id) {
      actor = Actor.of(new Author(new UserId(id), id, Optional.empty(), Author.Kind.MEMBER));
    }

    @Override
    public Turn.Effect on(Turn turn) {
      return turn.on(Optional.of(actor.author()));
    }

    @Override
    public CompletionStage<Look> look(RoomId room) {
      return cluster
          .log
          .view(room, Standing.fields(room, actor), List.of())
          .thenApply(view -> new Look(reads(room, view), view.head()));
    }

    private boolean reads(RoomId room, View view) {
      return Standing.of(room, actor, view, POLICY).refusal(Permission.READ).isEmpty();
    }
  }
}
