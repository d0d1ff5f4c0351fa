package partyline.room.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.room.Change;
import partyline.room.EventType;
import partyline.room.Field;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.UserId;
import partyline.room.chat.RoomSettings.Access;

/**
 * Who belongs to a room.
 *
 * <p>A room with an owner keeps one as long as others are in it: the last owner hands over before
 * they leave or step down. Who is alone leaves freely. The site itself is held to none of this.
 */
final class MemberRules {

  private MemberRules() {}

  static Decision join(Scene scene) {
    Standing standing = scene.standing();
    if (scene.isService()) {
      return Scene.forbid("The site is in every room already.");
    }
    if (scene.actor().isGuest()) {
      return Scene.refuse(
          scene
              .refusal(Permission.READ)
              .orElseGet(() -> new Refusal.Forbidden("Guests visit; members join.")));
    }
    boolean mayJoin =
        standing.position() == Position.OUTSIDER && standing.settings().access() == Access.MEMBERS;
    Optional<Refusal> refused = mayJoin ? Optional.empty() : scene.refusal(Permission.READ);
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    if (scene.member(scene.me()).isPresent()) {
      return Scene.nothing();
    }
    var changes = new ArrayList<Change>(RoomRules.beginning(scene));
    return full(scene)
        .or(() -> RoomRules.tooManyRooms(scene))
        .map(Scene::refuse)
        .orElseGet(() ->
            joined(
                scene,
                scene.me(),
                Member.of(Role.MEMBER, scene.actor().author(), scene.now()),
                changes));
  }

  private static Decision joined(Scene scene, UserId user, Member member, List<Change> changes) {
    changes.addAll(entry(scene, user, member));
    return scene.write(EventType.MEMBER_JOINED, event(user, member), changes);
  }

  /** What makes somebody a member. */
  static List<Change> entry(Scene scene, UserId user, Member member) {
    var changes = new ArrayList<Change>();
    changes.add(new Change.Set(RoomFields.member(user), member.json()));
    changes.add(new Change.Count(RoomFields.MEMBERS, 1));
    if (member.role() == Role.OWNER) {
      changes.add(new Change.Count(RoomFields.OWNERS, 1));
    }
    changes.add(new Change.StampId(RoomFields.roomOf(user, scene.room())));
    return changes;
  }

  /** What makes them none. */
  static List<Change> exit(Scene scene, UserId user, Member member) {
    var changes = new ArrayList<Change>();
    changes.add(new Change.Remove(RoomFields.member(user)));
    changes.add(new Change.Count(RoomFields.MEMBERS, -1));
    if (member.role() == Role.OWNER) {
      changes.add(new Change.Count(RoomFields.OWNERS, -1));
    }
    changes.add(new Change.Remove(RoomFields.roomOf(user, scene.room())));
    return changes;
  }

  /**
   * Far from the bound the counter is only looked at: if every join expected it, a hundred people
   * who join at once would make each other stale.
   */
  private static Optional<Refusal> full(Scene scene) {
    long members = Reading.number(scene.reading().glance(RoomFields.MEMBERS));
    if (members >= Limits.MEMBERS_COUNTED_EXACTLY_ABOVE) {
      members = scene.reading().number(RoomFields.MEMBERS);
    }
    return members >= Limits.MEMBERS_PER_ROOM
        ? Optional.of(
            new Refusal.Conflict("A room has at most " + Limits.MEMBERS_PER_ROOM + " members."))
        : Optional.empty();
  }

  static Decision leave(Scene scene) {
    if (scene.standing().position() == Position.STRANGER) {
      return Scene.refuse(new Refusal.NotFound());
    }
    Optional<Member> member = scene.member(scene.me());
    if (member.isEmpty()) {
      return Scene.nothing();
    }
    return lastOwner(scene, member.get())
        .map(Scene::refuse)
        .orElseGet(() -> gone(scene, EventType.MEMBER_LEFT, scene.me(), member.get()));
  }

  private static Decision gone(Scene scene, String type, UserId user, Member member) {
    ObjectNode data = Json.MAPPER.createObjectNode().put("user_id", user.value());
    return scene.write(type, data, exit(scene, user, member));
  }

  /** Whether the room would be left without an owner, and with others in it. */
  private static Optional<Refusal> lastOwner(Scene scene, Member member) {
    if (member.role() != Role.OWNER
        || scene.isService()
        || scene.reading().number(RoomFields.OWNERS) > 1
        || scene.reading().number(RoomFields.MEMBERS) <= 1) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal.Conflict("You are the last owner: make somebody else one first."));
  }

  static Decision set(Scene scene, Command.SetMember set) {
    Optional<Member> member = scene.member(set.user());
    Permission needed = member.isPresent() ? Permission.ROLES : Permission.ADD;
    Optional<Refusal> refused = scene.refusal(needed);
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    return member
        .map(found -> change(scene, set, found))
        .orElseGet(() -> add(scene, set.user(), set.role()));
  }

  private static Decision add(Scene scene, UserId user, Role role) {
    if (user.isGuest()) {
      return Scene.refuse(Refusal.invalid("user", "is a guest, and guests are no members"));
    }
    boolean banned =
        sanctioned(scene, RoomFields.siteBan(user)) || sanctioned(scene, RoomFields.ban(user));
    if (banned) {
      return Scene.refuse(new Refusal.Conflict("They are banned: lift the ban first."));
    }
    return full(scene)
        .map(Scene::refuse)
        .orElseGet(() -> joined(scene, user, Member.added(role, scene.now()), new ArrayList<>()));
  }

  private static boolean sanctioned(Scene scene, Field field) {
    return scene
        .reading()
        .field(field)
        .map(Sanction::parse)
        .filter(sanction -> sanction.holdsAt(scene.now()))
        .isPresent();
  }

  private static Decision change(Scene scene, Command.SetMember set, Member member) {
    if (member.role() == set.role()) {
      return Scene.nothing();
    }
    Optional<Refusal> refused = lastOwner(scene, member);
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    Member changed = member.as(set.role());
    var changes = new ArrayList<Change>();
    changes.add(new Change.Set(RoomFields.member(set.user()), changed.json()));
    if (changed.role() == Role.OWNER) {
      changes.add(new Change.Count(RoomFields.OWNERS, 1));
    } else if (member.role() == Role.OWNER) {
      changes.add(new Change.Count(RoomFields.OWNERS, -1));
    }
    return scene.write(EventType.MEMBER_UPDATED, event(set.user(), changed), changes);
  }

  static Decision remove(Scene scene, UserId user) {
    Optional<Refusal> refused = scene.refusal(Permission.KICK);
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    Optional<Member> member = scene.member(user);
    Optional<Refusal> protectedOne = scene.against(user, member);
    if (protectedOne.isPresent()) {
      return Scene.refuse(protectedOne.get());
    }
    return member
        .map(found -> gone(scene, EventType.MEMBER_REMOVED, user, found))
        .orElseGet(Scene::nothing);
  }

  static ObjectNode event(UserId user, Member member) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    data.set("member", member.toJson(user));
    return data;
  }
}
