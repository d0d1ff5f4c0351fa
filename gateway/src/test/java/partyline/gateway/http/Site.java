package partyline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import partyline.room.Author;
import partyline.room.EventId;
import partyline.room.Json;
import partyline.room.RoomId;
import partyline.room.RoomLog;
import partyline.room.UserId;
import partyline.room.chat.Actor;
import partyline.room.chat.Command;
import partyline.room.chat.Commands;
import partyline.room.chat.Intent;
import partyline.room.chat.Outcome;
import partyline.room.chat.Policy;
import partyline.room.chat.Role;
import partyline.room.chat.Rules;
import partyline.room.chat.SettingsChange;

/** The site itself, which sets rooms up and moderates them behind a gateway's back. */
final class Site {

  private final Commands commands;
  private final RoomId room;

  Site(RoomLog log, String room) {
    var policy = new Policy(Policy.Creation.MEMBERS, false);
    commands = new Commands(log, new Rules(policy), () -> EventId.ZERO);
    this.room = new RoomId(room);
  }

  Site sets(String settings) {
    return does(new Command.PutRoom(change(settings)));
  }

  Site adds(String user, Role role) {
    return does(new Command.SetMember(new UserId(user), role));
  }

  Site bans(String user) {
    return does(new Command.Ban(new UserId(user), Optional.empty(), Optional.empty()));
  }

  Site mutes(String user) {
    return does(new Command.Mute(new UserId(user), Optional.empty(), Optional.empty()));
  }

  Site does(Command command) {
    Outcome outcome =
        commands
            .carryOut(new Intent(room, site(), command))
            .toCompletableFuture()
            .orTimeout(30, TimeUnit.SECONDS)
            .join();
    assertThat(outcome).isInstanceOf(Outcome.Done.class);
    return this;
  }

  private static Actor site() {
    var author = new Author(new UserId("site"), "The site", Optional.empty(), Author.Kind.SERVICE);
    return new Actor(author, Set.of());
  }

  private static SettingsChange change(String settings) {
    try {
      return SettingsChange.of((ObjectNode) Json.MAPPER.readTree(settings));
    } catch (JsonProcessingException wrong) {
      throw new IllegalArgumentException(wrong);
    }
  }
}
