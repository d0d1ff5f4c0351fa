package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.chat.People.ADA;
import static partyline.room.chat.People.BOB;
import static partyline.room.chat.People.CARA;
import static partyline.room.chat.People.GUEST;
import static partyline.room.chat.People.SITE;
import static partyline.room.chat.People.granted;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import partyline.room.EventType;
import partyline.room.ManualClock;
import partyline.room.MemoryRoomLog;
import partyline.room.RoomId;
import partyline.room.UserId;

/** Rooms, who is in them, and who is kept out. */
final class RoomRulesTest {

  private final MemoryRoomLog log = new MemoryRoomLog(new ManualClock());
  private final Chat tea = Chat.in(Chat.TEA, log);

  @Test
  void who_sets_a_room_up_owns_it() {
    tea.setUp("{\"title\":\"Tea\",\"access\":\"private\"}");

    assertThat(member(ADA)).map(Member::role).contains(Role.OWNER);
    assertThat(tea.state(RoomFields.MEMBERS)).contains("1");
    assertThat(tea.state(RoomFields.roomOf(ADA.id(), Chat.TEA))).isPresent();
    assertThat(tea.refused(BOB, Command.Post.of("x"))).isEqualTo(new Refusal.NotFound());
    assertThat(tea.refused(BOB, new Command.PutRoom(Chat.change("{}"))))
        .isEqualTo(new Refusal.NotFound());
    assertThat(tea.refused(GUEST, new Command.Join())).isEqualTo(new Refusal.NotFound());
  }

  @Test
  void a_guest_sets_no_room_up() {
    assertThat(tea.refused(GUEST, new Command.PutRoom(Chat.change("{}"))))
        .isInstanceOf(Refusal.Forbidden.class);
  }

  @Test
  void settings_are_the_owners() {
    tea.setUp("{}", BOB);
    tea.role(BOB, Role.MODERATOR);

    var quiet = new Command.ChangeSettings(Chat.change("{\"read_only\":true}"));
    assertThat(tea.refused(BOB, quiet)).isInstanceOf(Refusal.Forbidden.class);
    tea.done(ADA, quiet);
    assertThat(tea.tell(ADA, quiet)).isEqualTo(new Outcome.Unchanged());
    assertThat(tea.refused(ADA, new Command.ChangeSettings(Chat.change("{\"guests\":1}"))))
        .isInstanceOf(Refusal.Invalid.class);
    tea.done(SITE, new Command.PutRoom(Chat.change("{}")));
  }

  @Test
  void a_room_for_members_is_joined_and_left() {
    tea.setUp("{\"access\":\"members\"}");
    assertThat(tea.refused(BOB, Command.Post.of("x"))).isEqualTo(new Refusal.NotAMember());

    tea.done(BOB, new Command.Join());
    assertThat(tea.tell(BOB, new Command.Join())).isEqualTo(new Outcome.Unchanged());
    tea.say(BOB, "hello");
    assertThat(tea.state(RoomFields.MEMBERS)).contains("2");

    tea.done(BOB, new Command.Leave());
    assertThat(tea.tell(BOB, new Command.Leave())).isEqualTo(new Outcome.Unchanged());
    assertThat(tea.state(RoomFields.MEMBERS)).contains("1");
    assertThat(tea.state(RoomFields.roomOf(BOB.id(), Chat.TEA))).isEmpty();
  }

  @Test
  void the_last_owner_hands_over_before_they_go() {
    tea.setUp("{}", BOB);

    assertThat(tea.refused(ADA, new Command.Leave())).isInstanceOf(Refusal.Conflict.class);
    assertThat(tea.refused(ADA, new Command.SetMember(ADA.id(), Role.MEMBER)))
        .isInstanceOf(Refusal.Conflict.class);

    tea.role(BOB, Role.OWNER);
    tea.done(ADA, new Command.Leave());
    tea.done(BOB, new Command.Leave());
    assertThat(tea.state(RoomFields.OWNERS).orElse("0")).isEqualTo("0");
  }

  @Test
  void a_moderator_acts_against_members_alone() {
    tea.setUp("{}", BOB, CARA);
    tea.role(BOB, Role.MODERATOR);

    for (Command command :
        List.of(
            Chat.ban(ADA),
            Chat.mute(ADA),
            new Command.RemoveMember(ADA.id()),
            Chat.ban(BOB),
            new Command.SetMember(CARA.id(), Role.MODERATOR))) {
      assertThat(tea.refused(BOB, command)).isInstanceOf(Refusal.Forbidden.class);
    }
    tea.done(BOB, new Command.RemoveMember(CARA.id()));
    assertThat(tea.tell(BOB, new Command.RemoveMember(CARA.id())))
        .isEqualTo(new Outcome.Unchanged());
    tea.done(ADA, Chat.ban(BOB));
  }

  @Test
  void a_ban_ends_the_membership_and_keeps_out() {
    tea.setUp("{}", BOB);
    tea.done(ADA, Chat.ban(BOB));

    assertThat(member(BOB)).isEmpty();
    assertThat(tea.state(RoomFields.MEMBERS)).contains("1");
    assertThat(tea.refused(granted(BOB, Grant.MODERATE), new Command.Join()))
        .isInstanceOf(Refusal.Banned.class);
    assertThat(tea.refused(ADA, new Command.SetMember(BOB.id(), Role.MEMBER)))
        .isInstanceOf(Refusal.Conflict.class);

    tea.done(ADA, new Command.Unban(BOB.id()));
    assertThat(tea.tell(ADA, new Command.Unban(BOB.id()))).isEqualTo(new Outcome.Unchanged());
    tea.done(BOB, new Command.Join());
  }

  @Test
  void nobody_lifts_their_own_mute() {
    tea.setUp("{}", BOB);
    tea.role(BOB, Role.MODERATOR);
    tea.done(ADA, Chat.mute(BOB));

    assertThat(tea.refused(BOB, new Command.Unmute(BOB.id())))
        .isInstanceOf(Refusal.Forbidden.class);
  }

  @Test
  void a_deleted_room_is_gone_for_good() {
    tea.setUp("{}", BOB);
    assertThat(tea.refused(BOB, new Command.DeleteRoom())).isInstanceOf(Refusal.Forbidden.class);
    tea.done(ADA, new Command.DeleteRoom());

    assertThat(tea.refused(ADA, Command.Post.of("x"))).isEqualTo(new Refusal.NotFound());
    assertThat(tea.refused(SITE, new Command.PutRoom(Chat.change("{}"))))
        .isEqualTo(new Refusal.NotFound());
  }

  @Test
  void the_site_emits_and_whose_token_says_so() {
    var shipped = new Command.Emit("app.shipped", "{\"order\":7}", Optional.empty());
    tea.setUp("{}");

    assertThat(tea.refused(ADA, shipped)).isInstanceOf(Refusal.Forbidden.class);
    assertThat(tea.done(granted(BOB, Grant.EMIT), shipped).type()).isEqualTo("app.shipped");
    assertThat(tea.refused(SITE, new Command.Emit("message.created", "{}", Optional.empty())))
        .isInstanceOf(Refusal.Invalid.class);
    String long8 = "{\"x\":\"" + "x".repeat(8 * 1024) + "\"}";
    assertThat(tea.refused(SITE, new Command.Emit("app.x", long8, Optional.empty())))
        .isInstanceOf(Refusal.Invalid.class);
  }

  @Test
  void an_inbox_takes_the_sites_events_and_nothing_else() {
    Chat inbox = Chat.in(RoomId.inboxOf(ADA.id()), log);

    inbox.done(SITE, new Command.Emit("app.hello", "{}", Optional.empty()));
    assertThat(inbox.refused(SITE, Command.Post.of("x"))).isEqualTo(new Refusal.Reserved());
    assertThat(inbox.refused(BOB, Command.Post.of("x"))).isEqualTo(new Refusal.NotFound());
  }

  @Test
  void a_direct_room_is_made_once_and_talked_in_by_its_own() {
    Direct direct = Direct.of(List.of(ADA.id(), BOB.id())).orElseThrow();
    Chat chat = Chat.in(direct.room(), log);

    assertThat(chat.refused(ADA, Command.Post.of("x"))).isEqualTo(new Refusal.NotFound());
    assertThat(chat.refused(CARA, new Command.OpenDirect(direct)))
        .isInstanceOf(Refusal.Invalid.class);
    chat.done(ADA, new Command.OpenDirect(direct));
    assertThat(chat.tell(BOB, new Command.OpenDirect(direct))).isEqualTo(new Outcome.Unchanged());

    chat.say(BOB, "hi");
    assertThat(chat.refused(CARA, Command.Post.of("x"))).isEqualTo(new Refusal.NotFound());
    assertThat(chat.refused(ADA, new Command.Leave())).isEqualTo(new Refusal.Reserved());
    assertThat(chat.refused(ADA, new Command.SetMember(CARA.id(), Role.MEMBER)))
        .isEqualTo(new Refusal.Reserved());
  }

  @Test
  void a_banned_members_length_is_told() {
    tea.setUp("{}", BOB);

    var event = tea.done(ADA, Chat.ban(BOB, Duration.ofHours(1)));
    assertThat(event.type()).isEqualTo(EventType.USER_BANNED);
    assertThat(event.data()).contains("\"until\":");
  }

  @Test
  void guests_are_added_to_nothing() {
    tea.setUp("{}");

    assertThat(tea.refused(ADA, new Command.SetMember(new UserId("guest:1"), Role.MEMBER)))
        .isInstanceOf(Refusal.Invalid.class);
  }

  private Optional<Member> member(Actor actor) {
    return tea.state(RoomFields.member(actor.id())).map(Member::parse);
  }
}
