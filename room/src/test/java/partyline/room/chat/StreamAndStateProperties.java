package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.Json;
import partyline.room.ManualClock;
import partyline.room.MemoryRoomLog;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.View;

/**
 * Whatever several people do on two nodes: who followed the stream knows what who reads the state
 * now is told, and every entry was by the rules.
 */
final class StreamAndStateProperties {

  private static final RoomId ROOM = Chat.TEA;
  private static final List<Actor> PEOPLE =
      List.of(People.ADA, People.BOB, People.CARA, People.GUEST, People.SITE);
  private static final List<Role> ROLES = List.of(Role.OWNER, Role.MODERATOR, Role.MEMBER);
  private static final List<Emoji> EMOJI =
      List.of(Emoji.of("👍").orElseThrow(), Emoji.of(":cake:").orElseThrow());

  /**
   * A command still without its message.
   *
   * @param about which of the messages so far, counted from the newest
   */
  record Step(int what, int who, int whom, int about, boolean here) {}

  @Property(tries = 400)
  void state_after_the_stream_is_state_after_a_reload(@ForAll("steps") List<Step> steps) {
    var clock = new ManualClock();
    var log = new MemoryRoomLog(clock);
    Chat here = Chat.in(ROOM, log);
    Chat there = here.elsewhere();
    var client = new Client();
    var events = new ArrayList<Event>();
    var messages = new ArrayList<EventId>();

    for (Step step : steps) {
      clock.advance(Duration.ofSeconds(1));
      Outcome outcome =
          (step.here() ? here : there).tell(PEOPLE.get(step.who()), command(step, messages));
      assertThat(outcome).isNotInstanceOf(Outcome.Busy.class);
      if (outcome instanceof Outcome.Done(Event event)) {
        events.add(event);
        client.hear(event);
        if (event.number() > 0) {
          messages.add(event.id());
        }
      }
    }

    assertThat(client.toString()).isEqualTo(reloaded(log, messages).toString());
    Judge.judge(new Rules(Chat.POLICY), PEOPLE, events);
  }

  private static Command command(Step step, List<EventId> messages) {
    Actor whom = PEOPLE.get(step.whom());
    EventId message =
        messages.isEmpty()
            ? new EventId(1, 0)
            : messages.get(Math.max(0, messages.size() - 1 - step.about()));
    Emoji emoji = EMOJI.get(step.about() % 2);
    return switch (step.what()) {
      case 0 -> new Command.Edit(message, "edit " + step.about());
      case 1 -> new Command.Delete(message);
      case 2 -> new Command.React(message, emoji);
      case 3 -> new Command.Unreact(message, emoji);
      case 4 -> new Command.Pin(message);
      case 5 -> new Command.Unpin(message);
      case 6 -> new Command.Join();
      case 7 -> new Command.Leave();
      case 8 -> new Command.SetMember(whom.id(), ROLES.get(step.about() % 3));
      case 9 -> new Command.RemoveMember(whom.id());
      case 10 -> new Command.Ban(whom.id(), Optional.of(Duration.ofSeconds(3)), Optional.empty());
      case 11 -> new Command.Unban(whom.id());
      case 12 -> Chat.mute(whom);
      case 13 -> new Command.Unmute(whom.id());
      case 14 -> new Command.PutRoom(Chat.change("{\"access\":\"members\"}"));
      case 15 ->
          new Command.ChangeSettings(
              Chat.change("{\"slow_mode_s\":" + step.about() + ",\"guests\":true}"));
      case 16 -> new Command.ChangeSettings(Chat.change("{\"access\":\"open\"}"));
      case 17 -> Command.Post.of("re").inReplyTo(message);
      default -> Command.Post.of("text " + step.about());
    };
  }

  /** What a client would know that came only now. */
  private static Client reloaded(MemoryRoomLog log, List<EventId> ids) {
    Set<Field> fields = new LinkedHashSet<>(List.of(RoomFields.SETTINGS, RoomFields.PINS));
    for (Actor one : PEOPLE) {
      fields.add(RoomFields.member(one.id()));
      fields.add(RoomFields.ban(one.id()));
      fields.add(RoomFields.mute(one.id()));
    }
    View view = Chat.await(log.view(ROOM, fields, ids));
    var client = new Client();
    client.settings =
        view.field(RoomFields.SETTINGS).map(stored -> RoomSettings.parse(stored).toJson());
    Pins.of(view.field(RoomFields.PINS)).ids().forEach(id -> client.pins.add(id.toString()));
    for (Actor one : PEOPLE) {
      String id = one.id().value();
      view.field(RoomFields.member(one.id()))
          .ifPresent(stored -> client.roles.put(id, Member.parse(stored).role().word()));
      view.field(RoomFields.ban(one.id())).ifPresent(_ -> client.banned.add(id));
      view.field(RoomFields.mute(one.id())).ifPresent(_ -> client.muted.add(id));
    }
    view.messages().values().forEach(message -> read(client, message));
    return client;
  }

  private static void read(Client client, Message message) {
    String id = message.id().toString();
    client.texts.put(id, Words.object(message.fields()).path("text").asText());
    try {
      for (JsonNode reaction : Json.MAPPER.readTree(message.reactions())) {
        for (JsonNode user : reaction.path("users")) {
          client
              .reactions
              .computeIfAbsent(id, _ -> new TreeSet<>())
              .add(reaction.path("emoji").asText() + user.asText());
        }
      }
    } catch (JsonProcessingException broken) {
      throw new AssertionError(broken);
    }
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Step> step =
        Combinators.combine(
                Arbitraries.integers().between(0, 24),
                Arbitraries.integers().between(0, PEOPLE.size() - 1),
                Arbitraries.integers().between(0, PEOPLE.size() - 1),
                Arbitraries.integers().between(0, 4),
                Arbitraries.of(true, false))
            .as(Step::new);
    return step.list().ofMinSize(1).ofMaxSize(60);
  }
}
