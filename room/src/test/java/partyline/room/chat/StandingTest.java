package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.chat.People.ADA;
import static partyline.room.chat.People.BOB;
import static partyline.room.chat.People.GUEST;
import static partyline.room.chat.People.SITE;
import static partyline.room.chat.People.granted;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.RoomId;
import partyline.room.View;
import partyline.room.chat.Policy.Creation;

/** What somebody is in a room, and so what they may. */
final class StandingTest {

  private static final RoomId LOBBY = new RoomId("lobby");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Policy POLICY = new Policy(Creation.MEMBERS, false);

  private final Map<Field, String> state = new HashMap<>();
  private EventId head = new EventId(1, 0);

  @ParameterizedTest
  @CsvSource({
    "owner, read post react report delete_any pin mute ban kick reports settings roles add"
        + " delete_room",
    "moderator, read post react report delete_any pin mute ban kick reports",
    "member, read post react report",
  })
  void a_role_gives_what_the_table_says(String role, String can) {
    member(ADA, role);

    assertThat(can(ADA)).isEqualTo(can);
  }

  @Test
  void the_site_may_everything() {
    settings("{\"access\":\"private\"}");

    assertThat(standing(SITE).can()).containsExactly(Permission.values());
  }

  @Test
  void in_an_open_room_anybody_with_a_name_is_as_good_as_a_member() {
    assertThat(standing(ADA).position()).isEqualTo(Position.MEMBER);
  }

  @Test
  void guests_are_where_the_room_allows_them() {
    assertThat(standing(GUEST).refusal(Permission.READ))
        .containsInstanceOf(Refusal.Forbidden.class);

    settings("{\"access\":\"open\",\"guests\":true}");
    assertThat(can(GUEST)).isEqualTo("read post react report");
    assertThat(Standing.ofNobody(LOBBY, view(), POLICY).can()).containsExactly(Permission.READ);

    settings("{\"access\":\"members\",\"guests\":true}");
    assertThat(standing(GUEST).refusal(Permission.READ)).contains(new Refusal.NotAMember());
  }

  @Test
  void a_room_for_members_tells_others_to_join() {
    settings("{\"access\":\"members\"}");

    assertThat(standing(ADA).refusal(Permission.READ)).contains(new Refusal.NotAMember());
    assertThat(standing(ADA).refusal(Permission.POST)).contains(new Refusal.NotAMember());
  }

  @Test
  void a_private_room_is_not_there_for_strangers_whatever_they_want() {
    settings("{\"access\":\"private\"}");
    head = EventId.ZERO;
    var missing = new Policy(Creation.SERVICE, false);

    for (Permission permission : Permission.values()) {
      Optional<Refusal> hidden = standing(ADA).refusal(permission);
      state.remove(RoomFields.SETTINGS);
      Optional<Refusal> absent = Standing.of(LOBBY, ADA, view(), missing).refusal(permission);
      settings("{\"access\":\"private\"}");

      assertThat(hidden).contains(new Refusal.NotFound());
      assertThat(hidden).isEqualTo(absent);
    }
  }

  @Test
  void a_private_room_does_not_tell_a_stranger_that_they_are_banned() {
    settings("{\"access\":\"private\"}");
    ban(ADA, "{}");

    assertThat(standing(ADA).refusal(Permission.READ)).contains(new Refusal.NotFound());
  }

  @Test
  void claims_count_as_membership_and_never_take_anything_away() {
    settings("{\"access\":\"private\"}");
    assertThat(can(granted(ADA, Grant.READ))).isEqualTo("read");
    assertThat(can(granted(ADA, Grant.READ, Grant.POST))).isEqualTo("read post react report");
    assertThat(standing(granted(ADA, Grant.MODERATE)).position()).isEqualTo(Position.MODERATOR);
    assertThat(can(granted(ADA, Grant.EMIT))).isEqualTo("emit");

    member(ADA, "owner");
    assertThat(standing(granted(ADA, Grant.READ)).position()).isEqualTo(Position.OWNER);
    settings("{\"access\":\"open\"}");
    assertThat(standing(granted(BOB, Grant.READ)).position()).isEqualTo(Position.MEMBER);
  }

  @Test
  void bans_beat_claims_and_roles_until_they_end() {
    member(ADA, "owner");
    Actor claimed = granted(ADA, Grant.MODERATE, Grant.EMIT);
    ban(ADA, "{\"until\":\"2026-01-01T00:00:01Z\"}");

    assertThat(standing(claimed).can()).isEmpty();
    assertThat(standing(claimed).refusal(Permission.READ))
        .contains(new Refusal.Banned(Optional.of(NOW.plusSeconds(1))));

    ban(ADA, "{\"until\":\"2026-01-01T00:00:00Z\"}");
    assertThat(standing(ADA).position()).isEqualTo(Position.OWNER);
  }

  @Test
  void a_ban_from_everywhere_holds_here() {
    state.put(RoomFields.siteBan(ADA.id()), "{}");

    assertThat(standing(ADA).position()).isEqualTo(Position.BANNED);
  }

  @Test
  void a_mute_leaves_reading() {
    state.put(RoomFields.mute(ADA.id()), "{}");

    assertThat(can(ADA)).isEqualTo("read report");
    assertThat(standing(ADA).refusal(Permission.POST))
        .contains(new Refusal.Muted(Optional.empty()));
  }

  @Test
  void in_a_read_only_room_owners_and_moderators_speak() {
    settings("{\"access\":\"open\",\"read_only\":true,\"guests\":true}");
    assertThat(can(ADA)).isEqualTo("read report");
    assertThat(can(GUEST)).isEqualTo("read report");
    assertThat(standing(SITE).refusal(Permission.POST)).isEmpty();

    member(ADA, "moderator");
    assertThat(standing(ADA).refusal(Permission.POST)).isEmpty();
  }

  @Test
  void a_room_that_is_not_there_is_open_to_whoever_may_create_it() {
    head = EventId.ZERO;

    assertThat(standing(ADA).position()).isEqualTo(Position.MEMBER);
    assertThat(standing(ADA).exists()).isFalse();
    assertThat(standing(GUEST).position()).isEqualTo(Position.OUTSIDER);
    var claims = new Policy(Creation.CLAIMS, true);
    assertThat(Standing.of(LOBBY, ADA, view(), claims).position()).isEqualTo(Position.STRANGER);
    assertThat(Standing.of(LOBBY, granted(ADA, Grant.POST), view(), claims).position())
        .isEqualTo(Position.MEMBER);
  }

  @Test
  void a_deleted_room_is_not_there_for_anybody() {
    settings(RoomSettings.deleted());
    member(ADA, "owner");

    assertThat(standing(ADA).can()).isEmpty();
    assertThat(standing(SITE).can()).isEmpty();
    assertThat(standing(granted(BOB, Grant.MODERATE)).can()).isEmpty();
    assertThat(Standing.ofNobody(LOBBY, view(), POLICY).refusal(Permission.READ))
        .contains(new Refusal.NotFound());
  }

  @Test
  void a_direct_room_knows_its_two_and_no_claim() {
    var direct = new RoomId("dm.0123");
    settings("{\"access\":\"private\"}");
    member(ADA, "member");

    assertThat(Standing.of(direct, ADA, view(), POLICY).position()).isEqualTo(Position.MEMBER);
    assertThat(Standing.of(direct, granted(BOB, Grant.POST, Grant.EMIT), view(), POLICY).can())
        .isEmpty();
  }

  @Test
  void an_inbox_is_read_by_its_own_and_written_by_the_site() {
    RoomId inbox = RoomId.inboxOf(ADA.id());

    assertThat(Standing.of(inbox, ADA, view(), POLICY).can()).containsExactly(Permission.READ);
    assertThat(Standing.of(inbox, BOB, view(), POLICY).refusal(Permission.READ))
        .contains(new Refusal.NotFound());
    assertThat(Standing.of(inbox, SITE, view(), POLICY).can()).contains(Permission.EMIT);
  }

  private void settings(String json) {
    state.put(RoomFields.SETTINGS, json);
  }

  private void member(Actor actor, String role) {
    state.put(RoomFields.member(actor.id()), "{\"role\":\"" + role + "\"}");
  }

  private void ban(Actor actor, String json) {
    state.put(RoomFields.ban(actor.id()), json);
  }

  private Standing standing(Actor actor) {
    return Standing.of(LOBBY, actor, view(), POLICY);
  }

  private String can(Actor actor) {
    return standing(actor).can().stream().map(Permission::word).collect(Collectors.joining(" "));
  }

  private View view() {
    return new View(state, Map.of(), head, NOW);
  }
}
