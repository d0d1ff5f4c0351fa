package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.chat.People.ADA;
import static partyline.room.chat.People.BOB;
import static partyline.room.chat.People.CARA;
import static partyline.room.chat.People.GUEST;
import static partyline.room.chat.People.SITE;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import partyline.room.EventId;
import partyline.room.ManualClock;
import partyline.room.MemoryRoomLog;
import partyline.room.UserId;

/** What people say, and what becomes of it. */
final class MessageRulesTest {

  private final ManualClock clock = new ManualClock();
  private final Chat tea = Chat.in(Chat.TEA, new MemoryRoomLog(clock));

  @Test
  void the_first_word_makes_the_room() {
    EventId id = tea.say(GUEST, "*hello*");

    assertThat(tea.message(id).orElseThrow().fields())
        .contains("\"kind\":\"user\"")
        .contains("\"kind\":\"guest\"")
        .contains("\"text\":\"*hello*\"")
        .contains("<em>hello</em>");
  }

  @Test
  void a_muted_member_reads_and_does_not_post() {
    tea.setUp("{}", BOB);
    tea.done(ADA, Chat.mute(BOB));

    assertThat(tea.refused(BOB, Command.Post.of("x")))
        .isEqualTo(new Refusal.Muted(Optional.empty()));

    tea.done(ADA, new Command.Unmute(BOB.id()));
    tea.say(BOB, "again");
  }

  @Test
  void a_ban_ends_by_the_clock_of_the_log() {
    tea.setUp("{}", BOB);
    tea.done(ADA, Chat.ban(BOB, Duration.ofSeconds(10)));

    assertThat(tea.refused(BOB, Command.Post.of("x"))).isInstanceOf(Refusal.Banned.class);

    clock.advance(Duration.ofSeconds(10));
    tea.say(BOB, "back");
  }

  @Test
  void a_slow_room_tells_exactly_when_it_takes_the_next() {
    tea.setUp("{\"slow_mode_s\":10}", BOB);
    tea.say(BOB, "one");
    clock.advance(Duration.ofMillis(3_001));

    assertThat(tea.refused(BOB, Command.Post.of("two")))
        .isEqualTo(new Refusal.SlowMode(Duration.ofMillis(6_999)));
    tea.say(ADA, "owners are not slow");
    tea.say(ADA, "are they");

    clock.advance(Duration.ofMillis(6_999));
    tea.say(BOB, "two");
  }

  @Test
  void in_a_read_only_room_members_listen() {
    tea.setUp("{\"read_only\":true}", BOB);

    assertThat(tea.refused(BOB, Command.Post.of("x"))).isEqualTo(new Refusal.ReadOnly());
    tea.say(ADA, "news");
  }

  @Test
  void unwanted_words_are_rejected_or_masked_edits_included() {
    tea.setUp("{\"filters\":{\"mode\":\"reject\",\"words\":[\"darn\"]}}", BOB);
    EventId id = tea.say(BOB, "fine");

    assertThat(tea.refused(BOB, Command.Post.of("Darn!"))).isEqualTo(new Refusal.Rejected());
    assertThat(tea.refused(BOB, new Command.Edit(id, "darn"))).isEqualTo(new Refusal.Rejected());

    tea.done(
        ADA,
        new Command.ChangeSettings(
            Chat.change("{\"filters\":{\"mode\":\"mask\",\"words\":[\"darn\"]}}")));
    EventId masked = tea.say(BOB, "so darn");
    assertThat(tea.text(masked)).contains("so ••••");
    assertThat(tea.message(masked).orElseThrow().fields()).doesNotContain("darn");
  }

  @Test
  void a_reply_needs_a_message_that_is_still_there() {
    EventId id = tea.say(ADA, "question");
    tea.done(BOB, Command.Post.of("answer").inReplyTo(id));
    tea.done(ADA, new Command.Delete(id));

    assertThat(tea.refused(BOB, Command.Post.of("late").inReplyTo(id)))
        .isInstanceOf(Refusal.Invalid.class);
    assertThat(tea.refused(BOB, Command.Post.of("x").inReplyTo(new EventId(1, 1))))
        .isInstanceOf(Refusal.Invalid.class);
  }

  @Test
  void a_crowd_is_not_mentioned() {
    List<UserId> crowd = IntStream.range(0, 21).mapToObj(i -> new UserId("u" + i)).toList();

    assertThat(
            tea.refused(
                ADA,
                new Command.Post(
                    "hi",
                    Optional.empty(),
                    crowd,
                    Optional.empty(),
                    Optional.empty(),
                    Command.MessageKind.USER,
                    Optional.empty())))
        .isInstanceOf(Refusal.Invalid.class);
  }

  @Test
  void who_said_it_edits_it_and_nobody_else() {
    tea.setUp("{}", BOB);
    EventId id = tea.say(BOB, "teh");

    assertThat(tea.refused(ADA, new Command.Edit(id, "x"))).isInstanceOf(Refusal.Forbidden.class);
    tea.done(BOB, new Command.Edit(id, "the"));
    assertThat(tea.text(id)).contains("the");
    assertThat(tea.tell(BOB, new Command.Edit(id, "the"))).isEqualTo(new Outcome.Unchanged());
  }

  @Test
  void what_left_the_log_is_too_old_to_edit_and_what_never_was_is_not_there() {
    var log = new MemoryRoomLog(clock);
    Chat chat = Chat.in(Chat.TEA, log);
    EventId id = chat.say(BOB, "old");
    chat.say(BOB, "new");
    log.trimHistory(Chat.TEA, 1);

    assertThat(chat.refused(BOB, new Command.Edit(id, "x"))).isEqualTo(new Refusal.TooOld());
    assertThat(chat.refused(BOB, new Command.Edit(new EventId(Long.MAX_VALUE / 2, 0), "x")))
        .isEqualTo(new Refusal.NotFound());
    assertThat(chat.refused(BOB, new Command.Delete(id))).isEqualTo(new Refusal.TooOld());
    chat.done(SITE, new Command.Delete(id));
  }

  @Test
  void a_deletion_leaves_who_and_when_and_no_word() {
    tea.setUp("{}", BOB, CARA);
    EventId id = tea.say(BOB, "secret");
    tea.done(ADA, new Command.Pin(id));

    assertThat(tea.refused(CARA, new Command.Delete(id))).isInstanceOf(Refusal.Forbidden.class);
    tea.done(ADA, new Command.Delete(id));

    assertThat(tea.message(id).orElseThrow().fields())
        .contains("bob")
        .contains("deleted_at")
        .doesNotContain("secret");
    assertThat(Pins.of(tea.state(RoomFields.PINS)).ids()).isEmpty();
    assertThat(tea.tell(BOB, new Command.Delete(id))).isEqualTo(new Outcome.Unchanged());
    assertThat(tea.refused(BOB, new Command.Edit(id, "x"))).isEqualTo(new Refusal.NotFound());
    assertThat(tea.refused(BOB, new Command.React(id, emoji("👍"))))
        .isEqualTo(new Refusal.NotFound());
  }

  @Test
  void a_muted_member_takes_back_what_they_said() {
    tea.setUp("{}", BOB);
    EventId id = tea.say(BOB, "oops");
    tea.done(ADA, Chat.mute(BOB));

    assertThat(tea.refused(BOB, new Command.Edit(id, "x"))).isInstanceOf(Refusal.Muted.class);
    tea.done(BOB, new Command.Delete(id));
  }

  @Test
  void one_reacts_once_with_each_emoji() {
    EventId id = tea.say(ADA, "cake?");

    tea.done(BOB, new Command.React(id, emoji("🍰")));
    assertThat(tea.tell(BOB, new Command.React(id, emoji("🍰"))))
        .isEqualTo(new Outcome.Unchanged());
    tea.done(BOB, new Command.Unreact(id, emoji("🍰")));
    assertThat(tea.tell(BOB, new Command.Unreact(id, emoji("🍰"))))
        .isEqualTo(new Outcome.Unchanged());
  }

  @Test
  void a_message_takes_twenty_kinds_of_reactions() {
    EventId id = tea.say(ADA, "x");
    // The site: nobody else may react as fast.
    IntStream.range(0, 20)
        .forEach(i -> tea.done(SITE, new Command.React(id, emoji(":e" + i + ":"))));

    assertThat(tea.refused(SITE, new Command.React(id, emoji(":e20:"))))
        .isInstanceOf(Refusal.Conflict.class);
  }

  @Test
  void pins_are_for_moderators_and_bounded() {
    tea.setUp("{}", BOB);
    EventId id = tea.say(BOB, "pin me");

    assertThat(tea.refused(BOB, new Command.Pin(id))).isInstanceOf(Refusal.Forbidden.class);
    tea.done(ADA, new Command.Pin(id));
    assertThat(tea.tell(ADA, new Command.Pin(id))).isEqualTo(new Outcome.Unchanged());
    for (int i = 1; i < 50; i++) {
      tea.done(SITE, new Command.Pin(tea.say(SITE, "m" + i)));
    }
    EventId more = tea.say(SITE, "more");
    assertThat(tea.refused(SITE, new Command.Pin(more))).isInstanceOf(Refusal.Conflict.class);

    tea.done(SITE, new Command.Unpin(id));
    tea.done(SITE, new Command.Pin(more));
  }

  private static Emoji emoji(String text) {
    return Emoji.of(text).orElseThrow();
  }
}
