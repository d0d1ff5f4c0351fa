package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import partyline.room.Append;
import partyline.room.Change;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.EventType;
import partyline.room.Field;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.UserId;
import partyline.room.View;

/**
 * Replays what was written through the rules, in the order in which it was: at every entry the
 * rules must have allowed it, on what all entries before it had made of the room. Two writes that
 * were each decided before they knew of the other do not pass.
 *
 * <p>Judges one room, from its first event on.
 */
public final class Judge {

  private final Rules rules;
  private final Map<String, Actor> actors;
  private final Map<Field, String> state = new HashMap<>();
  private final Map<EventId, Message> messages = new HashMap<>();
  private final Set<String> reactions = new HashSet<>();
  private EventId head = EventId.ZERO;

  private Judge(Rules rules, Collection<Actor> people) {
    this.rules = rules;
    this.actors = people.stream().collect(Collectors.toMap(one -> one.id().value(), one -> one));
  }

  /**
   * @param events all that were ever written to one room, in any order
   */
  public static void judge(Rules rules, Collection<Actor> people, Collection<Event> events) {
    var judge = new Judge(rules, people);
    events.stream().sorted(Comparator.comparing(Event::id)).forEach(judge::judge);
  }

  private void judge(Event event) {
    assertThat(event.prev()).as("an event is missing before " + event).isEqualTo(head);
    Actor actor = actors.get(Words.object(event.by()).path("id").asText());
    assertThat(actor).as("who is that? " + event).isNotNull();
    var intent = new Intent(event.room(), actor, command(event, Words.object(event.data())));
    Decision decision = rules.decide(intent, new View(state, messages, head, event.at()));

    assertThat(decision).as("not by the rules: " + event).isInstanceOf(Decision.Write.class);
    Append append = ((Decision.Write) decision).append();
    assertThat(append.type()).as("another event: " + event).isEqualTo(event.type());
    head = event.id();
    if (append.isMessage()) {
      messages.put(event.id(), Message.of(event));
    }
    append.changes().forEach(change -> apply(change, event));
  }

  private void apply(Change change, Event event) {
    switch (change) {
      case Change.Set(Field field, String value) -> state.put(field, value);
      case Change.Remove(Field field) -> state.remove(field);
      case Change.StampTime(Field field) ->
          state.put(field, Long.toString(event.at().toEpochMilli()));
      case Change.StampId(Field field) -> state.put(field, event.id().toString());
      case Change.Count(Field field, long by) ->
          state.merge(
              field,
              Long.toString(by),
              (was, more) -> Long.toString(Long.parseLong(was) + Long.parseLong(more)));
      case Change.Amend(EventId id, String fields) ->
          messages.computeIfPresent(id, (_, message) -> message.amendedTo(fields));
      case Change.Erase(EventId id, String left) ->
          messages.computeIfPresent(
              id,
              (_, message) ->
                  message.amendedTo(
                      message.number() + " " + message.at().toEpochMilli() + " " + left));
      case Change.React(EventId id, String emoji, UserId user, boolean add) -> {
        String reaction = id + " " + emoji + " " + user;
        assertThat(add ? reactions.add(reaction) : reactions.remove(reaction))
            .as("twice: " + event)
            .isTrue();
      }
      default -> {}
    }
  }

  /** What somebody must have wanted, that this came of it. */
  private static Command command(Event event, ObjectNode data) {
    JsonNode message = data.path("message");
    return switch (event.type()) {
      case EventType.MESSAGE_CREATED -> {
        Command.Post post = Command.Post.of(data.path("text").asText());
        yield data.has("reply_to") ? post.inReplyTo(id(data.path("reply_to"))) : post;
      }
      case EventType.MESSAGE_UPDATED ->
          new Command.Edit(id(message.path("id")), message.path("text").asText());
      case EventType.MESSAGE_DELETED -> new Command.Delete(id(message.path("id")));
      case EventType.MESSAGE_PINNED -> new Command.Pin(id(data.path("message_id")));
      case EventType.MESSAGE_UNPINNED -> new Command.Unpin(id(data.path("message_id")));
      case EventType.REACTION_ADDED -> new Command.React(id(data.path("message_id")), emoji(data));
      case EventType.REACTION_REMOVED ->
          new Command.Unreact(id(data.path("message_id")), emoji(data));
      case EventType.MEMBER_JOINED -> joined(event, data.path("member"));
      case EventType.MEMBER_UPDATED -> setMember(data.path("member"));
      case EventType.MEMBER_LEFT -> new Command.Leave();
      case EventType.MEMBER_REMOVED -> new Command.RemoveMember(user(data));
      case EventType.USER_BANNED -> new Command.Ban(user(data), length(event, data), reason(data));
      case EventType.USER_UNBANNED -> new Command.Unban(user(data));
      case EventType.USER_MUTED -> new Command.Mute(user(data), length(event, data), reason(data));
      case EventType.USER_UNMUTED -> new Command.Unmute(user(data));
      case EventType.ROOM_UPDATED -> settings(event.room(), data);
      case EventType.ROOM_DELETED -> new Command.DeleteRoom();
      default -> new Command.Emit(event.type(), event.data(), Optional.empty());
    };
  }

  private static Command joined(Event event, JsonNode member) {
    boolean self = Words.object(event.by()).path("id").equals(member.path("id"));
    return self && member.has("name") ? new Command.Join() : setMember(member);
  }

  private static Command setMember(JsonNode member) {
    return new Command.SetMember(
        new UserId(member.path("id").asText()),
        Words.constant(Role.class, member.path("role")).orElseThrow());
  }

  private static Command settings(RoomId room, ObjectNode data) {
    if (room.isDirect()) {
      var users = new ArrayList<UserId>();
      data.path("members").forEach(one -> users.add(new UserId(one.path("id").asText())));
      return new Command.OpenDirect(Direct.of(users).orElseThrow());
    }
    return new Command.PutRoom(SettingsChange.of((ObjectNode) data.path("room")));
  }

  private static EventId id(JsonNode json) {
    return EventId.of(json.asText());
  }

  private static Emoji emoji(ObjectNode data) {
    return Emoji.of(data.path("emoji").asText()).orElseThrow();
  }

  private static UserId user(ObjectNode data) {
    return new UserId(data.path("user_id").asText());
  }

  private static Optional<String> reason(ObjectNode data) {
    return Words.text(data.path("reason"));
  }

  private static Optional<Duration> length(Event event, ObjectNode data) {
    return Words.instant(data.path("until")).map(until -> Duration.between(event.at(), until));
  }

  /** The events among these outcomes. */
  public static List<Event> events(Collection<Outcome> outcomes) {
    return outcomes.stream()
        .filter(Outcome.Done.class::isInstance)
        .map(done -> ((Outcome.Done) done).event())
        .toList();
  }
}
