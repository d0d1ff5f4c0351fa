package partyline.room;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import partyline.room.HistoryQuery.From;

/** Messages as they stand: edited, reacted to, pinned, erased. */
public interface MessagesContract extends ContractedLog {

  String LEFT = "{\"kind\":\"user\"}";

  // --- Edits -----------------------------------------------------------------------------------

  @Test
  default void an_edited_message_is_told_as_it_stands_and_its_event_as_it_was() {
    Event said = say(A, "before");
    edit(said, "after");

    Message now = Message.of(said).amendedTo(text("after"));

    assertThat(messages(A)).containsExactly(now);
    assertThat(message(said.id())).contains(now);
    assertThat(eventsInLog().getFirst()).isEqualTo(said);
  }

  // --- Reactions -------------------------------------------------------------------------------

  @Test
  default void reactions_are_told_in_the_order_in_which_their_kinds_came() {
    Event said = say(A, "x");

    Event first = appended(react(said, "👍", "u1", true));
    appended(react(said, "a/b", "u/\\2\"é", true));
    Event third = appended(react(said, "👍", "u3", true));

    assertThat(first.data()).isEqualTo("{\"count\":1}");
    assertThat(third.data()).isEqualTo("{\"count\":2}");
    assertThat(eventsInLog()).last().isEqualTo(third);
    assertThat(reactions(said))
        .isEqualTo(
            "[{\"emoji\":\"👍\",\"count\":2,\"users\":[\"u1\",\"u3\"]},"
                + "{\"emoji\":\"a/b\",\"count\":1,\"users\":[\"u/\\\\2\\\"é\"]}]");
    assertThat(message(said.id()).map(Message::reactions)).contains(reactions(said));
  }

  @Test
  default void a_reaction_that_is_there_already_is_no_event() {
    Event said = say(A, "x");
    appended(react(said, "👍", "u1", true));
    LogPage before = page(ZERO);

    assertThat(append(react(said, "👍", "u1", true))).isEqualTo(new AppendResult.Unchanged());
    assertThat(append(react(said, "👍", "u2", false))).isEqualTo(new AppendResult.Unchanged());
    assertThat(append(react(said, "👎", "u1", false))).isEqualTo(new AppendResult.Unchanged());
    assertThat(page(ZERO)).isEqualTo(before);
  }

  @Test
  default void a_reaction_that_is_taken_back_leaves_nothing() {
    Event said = say(A, "x");
    appended(react(said, "👍", "u1", true));
    appended(react(said, "👍", "u2", true));
    Event back = appended(react(said, "👍", "u1", false));
    assertThat(back.data()).isEqualTo("{\"count\":1}");
    assertThat(reactions(said)).isEqualTo("[{\"emoji\":\"👍\",\"count\":1,\"users\":[\"u2\"]}]");
    appended(react(said, "👍", "u2", false));

    assertThat(reactions(said)).isEqualTo(Message.NO_REACTIONS);
    appended(react(said, "👍", "u1", true));
  }

  @Test
  default void twenty_users_of_a_kind_are_named_and_all_are_counted() {
    Event said = say(A, "x");
    for (int i = 1; i <= 22; i++) {
      appended(react(said, "👍", "u" + i, true));
    }
    assertThat(reactions(said)).contains("\"count\":22").contains("\"u20\"]");
    for (int i = 1; i <= 20; i++) {
      appended(react(said, "👍", "u" + i, false));
    }

    assertThat(reactions(said)).isEqualTo("[{\"emoji\":\"👍\",\"count\":2,\"users\":[]}]");
    appended(react(said, "👍", "u21", false));
    appended(react(said, "👍", "u22", false));
    assertThat(reactions(said)).isEqualTo(Message.NO_REACTIONS);
  }

  @Test
  default void a_message_takes_twenty_kinds() {
    Event said = say(A, "x");
    for (int i = 0; i < Limits.REACTION_KINDS; i++) {
      appended(react(said, "e" + i, "u1", true));
    }

    assertThat(append(react(said, "one-more", "u1", true))).isEqualTo(new AppendResult.TooMany());
    appended(react(said, "e0", "u2", true));
  }

  @Test
  default void of_many_who_react_the_same_way_at_once_each_counts_once() {
    Event said = say(A, "x");
    List<CompletionStage<AppendResult>> asked =
        IntStream.range(0, 60)
            .mapToObj(i -> log().append(react(said, "👍", "u" + i % 30, true), ZERO))
            .toList();

    assertThat(asked.stream().map(this::await).filter(AppendResult.Appended.class::isInstance))
        .hasSize(30);
    assertThat(reactions(said)).contains("\"count\":30");
  }

  // --- Erasing ---------------------------------------------------------------------------------

  @Test
  default void of_an_erased_message_only_what_is_left_is_told() {
    Event before = say(A, "before");
    Event said = say(A, "secret");
    edit(said, "secret too");
    appended(react(said, "👍", "u1", true));
    Event after = say(A, "after");
    Event erasure = appended(erase(said));

    assertThat(messages(A)).hasSize(3).element(0).isEqualTo(Message.of(before));
    Message left = messages(A).get(1);
    assertThat(left.isDeleted()).isTrue();
    assertThat(left.id()).isEqualTo(said.id());
    assertThat(left.number()).isEqualTo(2);
    assertThat(left.at()).isEqualTo(said.at());
    assertThat(left.fields()).isEqualTo(LEFT);
    assertThat(left.reactions()).isEqualTo(Message.NO_REACTIONS);
    assertThat(message(said.id())).contains(left);
    assertThat(messages(A).get(2)).isEqualTo(Message.of(after));
    assertThat(eventsInLog().toString() + resume(List.of(A), ZERO)).doesNotContain("secret");
    assertThat(eventsInLog()).contains(before, after, erasure);
  }

  @Test
  default void what_was_erased_is_no_trim_for_who_stood_before_it() {
    Event elsewhere = say(B, "x");
    Event first = say(A, "1");
    Event second = say(A, "2");
    Event third = say(A, "3");
    appended(erase(first));
    Event erasure = appended(erase(second));

    RoomsPage page = resume(List.of(A), elsewhere.id());

    assertThat(page.holes()).isEmpty();
    assertThat(page.events()).startsWith(third).endsWith(erasure).hasSize(3);
    trimResume(A, 1);
    assertThat(resume(List.of(A), elsewhere.id()).holes()).containsOnlyKeys(A);
  }

  @Test
  default void a_message_is_erased_once() {
    Event said = say(A, "x");
    appended(erase(said));
    Message left = messages(A).getFirst();

    appended(appEvent(A, "again").changing(List.of(new Change.Erase(said.id(), "{\"other\":1}"))));

    assertThat(messages(A)).containsExactly(left);
  }

  @Test
  default void a_message_that_left_history_is_erased_from_the_rest() {
    Event said = say(A, "secret");
    trimHistory(A, 0);

    appended(erase(said));

    assertThat(eventsInLog().toString()).doesNotContain("secret");
    assertThat(messages(A)).isEmpty();
    assertThat(message(said.id())).isEmpty();
  }

  @Test
  default void a_room_whose_first_messages_were_erased_has_no_gap() {
    List<Event> all = ten();
    for (int i : List.of(1, 0, 5, 9)) {
      appended(erase(all.get(i)));
    }

    assertThat(messages(A)).extracting(Message::number).isSorted().hasSize(10);
    assertThat(page(From.LATEST, ZERO, 200).gap()).isFalse();
    assertThat(numbers(From.LATEST, ZERO, 3)).containsExactly(8L, 9L, 10L);
    assertThat(numbers(From.BEFORE, all.get(6).id(), 3)).containsExactly(4L, 5L, 6L);
    assertThat(numbers(From.BEFORE, all.get(1).id(), 3)).containsExactly(1L);
    assertThat(numbers(From.BEFORE, all.get(0).id(), 3)).isEmpty();
    assertThat(numbers(From.AFTER, all.get(4).id(), 2)).containsExactly(6L, 7L);
    assertThat(numbers(From.AFTER, all.get(5).id(), 2)).containsExactly(7L, 8L);
    assertThat(numbers(From.AFTER, all.get(8).id(), 2)).containsExactly(10L);
    assertThat(numbers(From.AFTER, all.get(9).id(), 2)).isEmpty();
    assertThat(numbers(From.AFTER, ZERO, 3)).containsExactly(1L, 2L, 3L);
    assertThat(numbers(From.AROUND, all.get(5).id(), 4)).containsExactly(4L, 5L, 6L, 7L);
    assertThat(numbers(From.AROUND, all.get(0).id(), 4)).containsExactly(1L, 2L);
    assertThat(page(From.BEFORE, all.get(0).id(), 3).gap()).isFalse();
  }

  @Test
  default void a_history_of_erased_messages_only_is_whole() {
    List<Event> all = ten();
    all.forEach(one -> appended(erase(one)));

    assertThat(messages(A)).hasSize(10).allMatch(Message::isDeleted);
    assertThat(page(From.LATEST, ZERO, 200).gap()).isFalse();
    assertThat(numbers(From.BEFORE, all.get(4).id(), 2)).containsExactly(3L, 4L);
    assertThat(numbers(From.AFTER, all.get(4).id(), 2)).containsExactly(6L, 7L);
    assertThat(numbers(From.AROUND, all.get(4).id(), 3)).containsExactly(4L, 5L, 6L);
  }

  @Test
  default void an_erased_message_below_what_was_trimmed_is_gone_too() {
    List<Event> all = ten();
    appended(erase(all.get(2)));
    appended(erase(all.get(5)));
    appended(erase(all.get(8)));
    trimHistory(A, 3);

    assertThat(messages(A)).extracting(Message::number).containsExactly(6L, 7L, 8L, 9L, 10L);
    assertThat(page(From.LATEST, ZERO, 200).gap()).isTrue();
    assertThat(page(From.LATEST, ZERO, 5).gap()).isTrue();
    assertThat(page(From.LATEST, ZERO, 4).gap()).isFalse();
    assertThat(numbers(From.BEFORE, all.get(5).id(), 3)).isEmpty();
    trimHistory(A, 2);
    assertThat(messages(A)).extracting(Message::number).containsExactly(8L, 9L, 10L);
  }

  @Test
  default void an_edit_and_an_erasure_of_what_both_read_are_not_both_done() {
    Event said = say(A, "x");
    var expected = List.of(Expectation.absent(Field.amended(said.id())));
    var asked =
        List.of(
            log().append(erase(said).expecting(expected), ZERO),
            log()
                .append(
                    appEvent(A, "edit")
                        .expecting(expected)
                        .changing(List.of(new Change.Amend(said.id(), text("y")))),
                    ZERO),
            log().append(react(said, "👍", "u1", true).expecting(expected), ZERO));
    List<AppendResult> results = asked.stream().map(this::await).toList();

    assertThat(results.get(0)).isInstanceOf(AppendResult.Appended.class);
    assertThat(results.subList(1, 3)).allMatch(AppendResult.Stale.class::isInstance);
    String now =
        ((AppendResult.Stale) results.get(1)).current().getOrDefault(Field.amended(said.id()), "");
    assertThat(Message.of(said).amendedTo(now)).isEqualTo(messages(A).getFirst());
  }

  // --- Duplicates ------------------------------------------------------------------------------

  @Test
  default void a_duplicate_is_answered_with_the_message_as_it_stands() {
    Append sent = message(A, "x").under(key("k", "hash"));
    Event said = appended(sent);
    edit(said, "y");
    appended(react(said, "👍", "u1", true));
    append(
        appEvent(A, "pin")
            .changing(List.of(new Change.Set(Field.state("pins"), "[\"" + said.id() + "\"]"))));

    assertThat(append(sent))
        .isEqualTo(
            new AppendResult.Duplicate(
                said.id(), Optional.of(said), Optional.of(messages(A).getFirst())));
    assertThat(messages(A).getFirst().pinned()).isTrue();

    appended(erase(said));
    assertThat(append(sent))
        .isEqualTo(
            new AppendResult.Duplicate(
                said.id(), Optional.empty(), Optional.of(messages(A).getFirst())));
  }

  @Test
  default void what_is_lost_in_a_failover_is_lost_of_messages_too() {
    Event said = say(A, "x");
    Event other = say(A, "y");
    Runnable failover = laggingReplica();
    edit(said, "z");
    appended(react(said, "👍", "u1", true));
    appended(erase(other));
    failover.run();

    assertThat(messages(A)).isEqualTo(asSaid(said, other));
    assertThat(await(log().view(A, List.of(Field.amended(said.id())), List.of())).fields())
        .isEqualTo(Map.of());
    appended(react(said, "👍", "u1", true));
  }

  private List<Event> ten() {
    var all = new ArrayList<Event>();
    for (int i = 1; i <= 10; i++) {
      all.add(say(A, "m" + i));
    }
    return all;
  }

  private HistoryPage page(From from, EventId id, int limit) {
    return await(log().history(A, new HistoryQuery(from, id, limit)));
  }

  private List<Long> numbers(From from, EventId id, int limit) {
    return page(from, id, limit).messages().stream().map(Message::number).toList();
  }

  private Optional<Message> message(EventId id) {
    return await(log().view(A, List.of(), List.of(id))).message(id);
  }

  private String reactions(Event said) {
    return messages(A).stream()
        .filter(message -> message.id().equals(said.id()))
        .findFirst()
        .orElseThrow()
        .reactions();
  }

  private void edit(Event said, String text) {
    appended(appEvent(A, "edit").changing(List.of(new Change.Amend(said.id(), text(text)))));
  }

  private Append erase(Event said) {
    return appEvent(A, "erase").changing(List.of(new Change.Erase(said.id(), LEFT)));
  }

  private Append react(Event said, String emoji, String user, boolean add) {
    return appEvent(A, "react")
        .changing(List.of(new Change.React(said.id(), emoji, new UserId(user), add)));
  }

  private static String text(String text) {
    return "{\"text\":" + Json.quote(text) + "}";
  }
}
