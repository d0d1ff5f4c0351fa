package partyline.room.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.UserId;

/** What a command may have to know. What its decision then reads of it, it expects. */
public record Needs(Set<Field> fields, Set<EventId> messages) {

  public Needs {
    fields = Set.copyOf(fields);
    messages = Set.copyOf(messages);
  }

  public static Needs of(Intent intent) {
    var fields = new LinkedHashSet<>(Standing.fields(intent.room(), intent.actor()));
    UserId me = intent.actor().id();
    var more = new ArrayList<Field>();
    var messages = new LinkedHashSet<EventId>();
    switch (intent.command()) {
      case Command.Post post -> {
        more.addAll(List.of(RoomFields.last(me), RoomFields.created(me)));
        post.replyTo().ifPresent(messages::add);
      }
      case Command.Edit(EventId message, _) -> messages.add(message);
      case Command.Delete(EventId message) -> {
        messages.add(message);
        more.add(RoomFields.PINS);
      }
      case Command.React(EventId message, _) -> messages.add(message);
      case Command.Unreact(EventId message, _) -> messages.add(message);
      case Command.Pin(EventId message) -> {
        messages.add(message);
        more.add(RoomFields.PINS);
      }
      case Command.Unpin _ -> more.add(RoomFields.PINS);
      case Command.Join _ -> more.addAll(membership(me, RoomFields.created(me)));
      case Command.Leave _ -> more.addAll(membership(me));
      case Command.SetMember(UserId user, _) ->
          more.addAll(membership(user, RoomFields.ban(user), RoomFields.siteBan(user)));
      case Command.RemoveMember(UserId user) -> more.addAll(membership(user));
      case Command.Ban(UserId user, _, _) -> more.addAll(membership(user, RoomFields.ban(user)));
      case Command.Unban(UserId user) -> more.add(RoomFields.ban(user));
      case Command.Mute(UserId user, _, _) -> more.addAll(membership(user, RoomFields.mute(user)));
      case Command.Unmute(UserId user) -> more.add(RoomFields.mute(user));
      case Command.PutRoom _ -> more.addAll(membership(me, RoomFields.created(me)));
      case Command.ChangeSettings _,
          Command.DeleteRoom _,
          Command.Emit _,
          Command.OpenDirect _ -> {}
    }
    fields.addAll(more);
    return new Needs(fields, messages);
  }

  private static List<Field> membership(UserId user, Field... others) {
    var fields =
        new ArrayList<>(List.of(RoomFields.member(user), RoomFields.MEMBERS, RoomFields.OWNERS));
    fields.addAll(Arrays.asList(others));
    return fields;
  }
}
