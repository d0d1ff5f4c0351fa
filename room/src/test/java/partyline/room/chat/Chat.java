package partyline.room.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import partyline.room.Event;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.Json;
import partyline.room.Message;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.View;
import partyline.room.chat.Policy.Creation;

/** One node's commands upon a log, said shortly. */
record Chat(RoomLog log, RoomId room, Commands commands) {

  static final Policy POLICY = new Policy(Creation.MEMBERS, true);
  static final RoomId TEA = new RoomId("tea");

  static Chat in(RoomId room, RoomLog log) {
    return new Chat(log, room, new Commands(log, new Rules(POLICY), () -> EventId.ZERO));
  }

  /** The same log through a node that remembers nothing yet. */
  Chat elsewhere() {
    return in(room, log);
  }

  CompletionStage<Outcome> send(Actor actor, Command command) {
    return commands.carryOut(new Intent(room, actor, command));
  }

  Outcome tell(Actor actor, Command command) {
    return await(send(actor, command));
  }

  Event done(Actor actor, Command command) {
    Outcome outcome = tell(actor, command);
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return ((Outcome.Done) outcome).event();
  }

  Refusal refused(Actor actor, Command command) {
    Outcome outcome = tell(actor, command);
    assertThat(outcome).isInstanceOf(Outcome.Refused.class);
    return ((Outcome.Refused) outcome).refusal();
  }

  EventId say(Actor actor, String text) {
    return done(actor, Command.Post.of(text)).id();
  }

  /** Ada's, with these members. */
  Chat setUp(String settings, Actor... members) {
    done(People.ADA, new Command.PutRoom(change(settings)));
    for (Actor member : members) {
      done(People.ADA, new Command.SetMember(member.id(), Role.MEMBER));
    }
    return this;
  }

  void role(Actor actor, Role role) {
    done(People.ADA, new Command.SetMember(actor.id(), role));
  }

  static SettingsChange change(String settings) {
    try {
      return SettingsChange.of((ObjectNode) Json.MAPPER.readTree(settings));
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException(wrong);
    }
  }

  static Command ban(Actor actor) {
    return new Command.Ban(actor.id(), Optional.empty(), Optional.empty());
  }

  static Command ban(Actor actor, Duration length) {
    return new Command.Ban(actor.id(), Optional.of(length), Optional.empty());
  }

  static Command mute(Actor actor) {
    return new Command.Mute(actor.id(), Optional.empty(), Optional.empty());
  }

  Optional<String> state(Field field) {
    return view(Set.of(field), List.of()).field(field);
  }

  Optional<Message> message(EventId id) {
    return view(Set.of(), List.of(id)).message(id);
  }

  Optional<String> text(EventId id) {
    return message(id).map(found -> Words.object(found.fields()).path("text").asText());
  }

  private View view(Set<Field> fields, List<EventId> messages) {
    return await(log.view(room, fields, messages));
  }

  static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
