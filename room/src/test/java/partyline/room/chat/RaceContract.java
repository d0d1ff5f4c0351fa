package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.room.chat.People.SITE;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.RoomId;
import partyline.room.RoomLog;

/**
 * What two nodes are told at once is decided once. Whoever is faster, what was written is
 * consistent with the rules at every entry: {@link Judge}.
 */
public abstract class RaceContract {

  private static final AtomicInteger ROOMS = new AtomicInteger();

  private final RoomId room = new RoomId("race" + ROOMS.incrementAndGet());

  // Their own, as one person writes so often at most, in whatever room.
  private final Actor ada = People.person("ada-" + room);
  private final Actor bob = People.person("bob-" + room);
  private final Actor cara = People.person("cara-" + room);
  private final List<Actor> people = new ArrayList<>(List.of(ada, bob, cara, SITE));
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
  private Chat here;
  private Chat there;

  protected abstract RoomLog log();

  @BeforeEach
  final void two_nodes() {
    here = Chat.in(room, log());
    there = here.elsewhere();
  }

  @AfterEach
  void the_log_is_consistent_with_the_rules_at_every_entry() {
    Collection<Event> events = Judge.events(outcomes);
    assertThat(events).isNotEmpty();
    Judge.judge(new Rules(Chat.POLICY), people, events);
  }

  @RepeatedTest(10)
  void after_a_ban_nothing_is_posted() {
    set_up("{}", bob);
    tell(there, bob, Command.Post.of("warm"));

    atOnce(
        List.of(
            () -> tell(here, ada, Chat.ban(bob)),
            () -> tell(there, bob, Command.Post.of("one")),
            () -> tell(there, bob, Command.Post.of("two")),
            () -> tell(here, bob, Command.Post.of("three"))));

    assertThat(tell(there, bob, Command.Post.of("late"))).isInstanceOf(Outcome.Refused.class);
  }

  @RepeatedTest(10)
  void what_is_deleted_is_not_edited_back() {
    set_up("{}", bob);
    EventId id = posted(tell(here, bob, Command.Post.of("a")));

    List<Outcome> both =
        atOnce(
            List.of(
                () -> tell(here, ada, new Command.Delete(id)),
                () -> tell(there, bob, new Command.Edit(id, "b"))));

    assertThat(both.getFirst()).isInstanceOf(Outcome.Done.class);
    assertThat(here.message(id).orElseThrow().isDeleted()).isTrue();
    assertThat(here.text(id)).contains("");
  }

  @RepeatedTest(10)
  void a_double_reaction_is_one() {
    set_up("{}", bob);
    EventId id = posted(tell(here, ada, Command.Post.of("cake?")));
    var cake = new Command.React(id, Emoji.of("🍰").orElseThrow());

    List<Outcome> both = atOnce(List.of(() -> tell(here, bob, cake), () -> tell(there, bob, cake)));

    assertThat(both).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
    assertThat(both).contains(new Outcome.Unchanged());
  }

  @RepeatedTest(10)
  void a_direct_room_that_both_open_is_made_once() {
    Actor one = People.person("one-" + room);
    Actor two = People.person("two-" + room);
    people.addAll(List.of(one, two));
    Direct direct = Direct.of(List.of(one.id(), two.id())).orElseThrow();
    here = Chat.in(direct.room(), log());
    there = here.elsewhere();

    List<Outcome> both =
        atOnce(
            List.of(
                () -> tell(here, one, new Command.OpenDirect(direct)),
                () -> tell(there, two, new Command.OpenDirect(direct))));

    assertThat(both).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
    assertThat(both).contains(new Outcome.Unchanged());
    assertThat(here.state(RoomFields.MEMBERS)).contains("2");
    tell(there, one, Command.Post.of("hi"));
  }

  @RepeatedTest(10)
  void of_two_owners_who_leave_at_once_one_stays() {
    set_up("{}", bob, cara);
    tell(here, ada, new Command.SetMember(bob.id(), Role.OWNER));

    List<Outcome> both =
        atOnce(
            List.of(
                () -> tell(here, ada, new Command.Leave()),
                () -> tell(there, bob, new Command.Leave())));

    assertThat(both).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
    assertThat(here.state(RoomFields.OWNERS)).contains("1");
  }

  @Test
  void of_a_hundred_posts_at_once_a_slow_room_takes_one() {
    set_up("{\"slow_mode_s\":3600}", bob);
    List<Chat> nodes = List.of(here, there, here.elsewhere(), here.elsewhere());

    List<Outcome> all =
        atOnce(
            IntStream.range(0, 100)
                .<Supplier<Outcome>>mapToObj(
                    i -> () -> tell(nodes.get(i % 4), bob, Command.Post.of("m" + i)))
                .toList());

    assertThat(all).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
    assertThat(all)
        .filteredOn(Outcome.Refused.class::isInstance)
        .allMatch(one -> ((Outcome.Refused) one).refusal() instanceof Refusal.SlowMode);
  }

  @Test
  void a_hundred_who_join_at_once_are_a_hundred_members() {
    set_up("{}");
    List<Actor> crowd = IntStream.range(0, 100).mapToObj(i -> People.person("u" + i)).toList();
    people.addAll(crowd);

    List<Outcome> all =
        atOnce(
            crowd.stream()
                .<Supplier<Outcome>>map(one ->
                    () -> tell(one.hashCode() % 2 == 0 ? here : there, one, new Command.Join()))
                .toList());

    assertThat(all).allMatch(Outcome.Done.class::isInstance);
    assertThat(here.state(RoomFields.MEMBERS)).contains("101");
  }

  private void set_up(String settings, Actor... members) {
    tell(here, ada, new Command.PutRoom(Chat.change(settings)));
    for (Actor member : members) {
      tell(here, ada, new Command.SetMember(member.id(), Role.MEMBER));
    }
  }

  private Outcome tell(Chat node, Actor actor, Command command) {
    Outcome outcome = node.tell(actor, command);
    outcomes.add(outcome);
    return outcome;
  }

  private static EventId posted(Outcome outcome) {
    return ((Outcome.Done) outcome).event().id();
  }

  private static List<Outcome> atOnce(List<Supplier<Outcome>> all) {
    var ready = new CountDownLatch(all.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var futures =
          all.stream()
              .map(one ->
                  threads.submit(() -> {
                    ready.countDown();
                    ready.await();
                    return one.get();
                  }))
              .toList();
      var outcomes = new ArrayList<Outcome>();
      for (var future : futures) {
        outcomes.add(future.get());
      }
      return outcomes;
    } catch (InterruptedException | ExecutionException failed) {
      throw new AssertionError(failed);
    }
  }
}
