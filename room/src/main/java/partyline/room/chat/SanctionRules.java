package partyline.room.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.room.Change;
import partyline.room.EventType;
import partyline.room.Field;
import partyline.room.Json;
import partyline.room.UserId;

/**
 * Who is kept out of a room, and who is kept quiet in it. Ends are by the clock of Redis. A ban
 * ends a membership as well: one event says both.
 */
final class SanctionRules {

  private SanctionRules() {}

  static Decision ban(Scene scene, Command.Ban ban) {
    Optional<Member> member = scene.member(ban.user());
    Optional<Refusal> refused =
        scene.refusal(Permission.BAN).or(() -> scene.against(ban.user(), member));
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    var sanction =
        new Sanction(
            ban.length().map(scene.now()::plus), ban.reason(), scene.me().value(), scene.now());
    var changes = new ArrayList<Change>();
    changes.add(new Change.Set(RoomFields.ban(ban.user()), sanction.json()));
    member.ifPresent(found -> changes.addAll(MemberRules.exit(scene, ban.user(), found)));
    ObjectNode event = event(ban.user(), sanction);
    member.ifPresent(_ -> event.put("was_member", true));
    return scene.write(EventType.USER_BANNED, event, changes);
  }

  static Decision mute(Scene scene, Command.Mute mute) {
    Optional<Member> member = scene.member(mute.user());
    Optional<Refusal> refused =
        scene.refusal(Permission.MUTE).or(() -> scene.against(mute.user(), member));
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    var sanction =
        new Sanction(
            mute.length().map(scene.now()::plus), mute.reason(), scene.me().value(), scene.now());
    return scene.write(
        EventType.USER_MUTED,
        event(mute.user(), sanction),
        List.of(new Change.Set(RoomFields.mute(mute.user()), sanction.json())));
  }

  static Decision unban(Scene scene, UserId user) {
    return lift(scene, Permission.BAN, EventType.USER_UNBANNED, user, RoomFields.ban(user));
  }

  static Decision unmute(Scene scene, UserId user) {
    return lift(scene, Permission.MUTE, EventType.USER_UNMUTED, user, RoomFields.mute(user));
  }

  private static Decision lift(
      Scene scene, Permission permission, String type, UserId user, Field field) {
    Optional<Refusal> refused = scene.refusal(permission);
    if (refused.isEmpty() && user.equals(scene.me())) {
      refused = Optional.of(new Refusal.Forbidden("Ask another moderator to lift it."));
    }
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    if (scene.reading().field(field).isEmpty()) {
      return Scene.nothing();
    }
    ObjectNode data = Json.MAPPER.createObjectNode().put("user_id", user.value());
    return scene.write(type, data, List.of(new Change.Remove(field)));
  }

  private static ObjectNode event(UserId user, Sanction sanction) {
    ObjectNode data = Json.MAPPER.createObjectNode().put("user_id", user.value());
    sanction.put(data);
    return data;
  }
}
