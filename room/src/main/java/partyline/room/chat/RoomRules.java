package partyline.room.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.room.Append;
import partyline.room.Change;
import partyline.room.Change.Listing;
import partyline.room.EventType;
import partyline.room.Json;
import partyline.room.Limits;
import partyline.room.UserId;
import partyline.room.chat.RoomSettings.Access;

/** How rooms begin, change and end. */
final class RoomRules {

  private RoomRules() {}

  /** What comes with the first event of a room that nobody has set up; nothing with all others. */
  static List<Change> beginning(Scene scene) {
    if (scene.standing().exists()) {
      return List.of();
    }
    var listed = new Change.ListRoom(Listing.OPEN);
    return scene.isService()
        ? List.of(listed)
        : List.of(listed, new Change.Count(RoomFields.created(scene.me()), 1));
  }

  /** Everybody sees a room that they can join, and one that is private is there for nobody else. */
  private static Change listed(RoomSettings settings) {
    return new Change.ListRoom(settings.access() == Access.PRIVATE ? Listing.HIDDEN : Listing.OPEN);
  }

  static Optional<Refusal> tooManyRooms(Scene scene) {
    if (scene.standing().exists() || scene.isService()) {
      return Optional.empty();
    }
    return scene.reading().number(RoomFields.created(scene.me())) >= Limits.ROOMS_CREATED_PER_USER
        ? Optional.of(
            new Refusal.Conflict(
                "You have created " + Limits.ROOMS_CREATED_PER_USER + " rooms already."))
        : Optional.empty();
  }

  static Decision put(Scene scene, SettingsChange wanted) {
    if (scene.standing().exists()) {
      return settle(scene, wanted, RoomSettings.byDefault(scene.policy().guests()));
    }
    if (scene.actor().isGuest()) {
      return Scene.forbid("Guests set up no rooms.");
    }
    Optional<Refusal> refused = tooManyRooms(scene).or(() -> wrong(wanted));
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    RoomSettings settings = wanted.applyTo(RoomSettings.byDefault(scene.policy().guests()));
    ObjectNode data = event(settings);
    var changes = new ArrayList<Change>();
    changes.add(new Change.Set(RoomFields.SETTINGS, settings.json(Optional.empty())));
    changes.add(listed(settings));
    if (!scene.isService()) {
      Member owner = Member.of(Role.OWNER, scene.actor().author(), scene.now());
      changes.addAll(MemberRules.entry(scene, scene.me(), owner));
      changes.add(new Change.Count(RoomFields.created(scene.me()), 1));
      data.setAll(MemberRules.event(scene.me(), owner));
    }
    return scene.write(EventType.ROOM_UPDATED, data, changes);
  }

  static Decision change(Scene scene, SettingsChange wanted) {
    return settle(scene, wanted, scene.standing().settings());
  }

  private static Decision settle(Scene scene, SettingsChange wanted, RoomSettings base) {
    Optional<Refusal> refused = scene.refusal(Permission.SETTINGS).or(() -> wrong(wanted));
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    RoomSettings old = scene.standing().settings();
    RoomSettings settings = wanted.applyTo(base);
    Optional<String> stored = scene.reading().field(RoomFields.SETTINGS);
    if (settings.equals(old) && stored.isPresent()) {
      return Scene.nothing();
    }
    var changes = new ArrayList<Change>();
    changes.add(new Change.Set(RoomFields.SETTINGS, settings.json(stored)));
    changes.add(listed(settings));
    return scene.write(EventType.ROOM_UPDATED, event(settings), changes);
  }

  private static Optional<Refusal> wrong(SettingsChange wanted) {
    return wanted.errors().isEmpty()
        ? Optional.empty()
        : Optional.of(new Refusal.Invalid(wanted.errors()));
  }

  private static ObjectNode event(RoomSettings settings) {
    ObjectNode data = Json.MAPPER.createObjectNode();
    data.set("room", settings.toJson());
    return data;
  }

  /**
   * The room is not there any more, to anybody. What it held is swept by who has the time; until
   * then the mark in the place of its settings hides it.
   */
  static Decision delete(Scene scene) {
    Optional<Refusal> refused = scene.refusal(Permission.DELETE_ROOM);
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    return scene.write(
        EventType.ROOM_DELETED,
        "{}",
        List.of(
            new Change.Set(RoomFields.SETTINGS, RoomSettings.deleted()),
            new Change.ListRoom(Listing.DELETED)));
  }

  static Decision emit(Scene scene, Command.Emit emit) {
    Optional<Refusal> refused = scene.refusal(Permission.EMIT);
    if (refused.isPresent()) {
      return Scene.refuse(refused.get());
    }
    if (!Command.Emit.isType(emit.type())) {
      return Scene.refuse(Refusal.invalid("type", "must be app. and a name"));
    }
    if (emit.data().getBytes(StandardCharsets.UTF_8).length > Limits.APP_EVENT_DATA_BYTES) {
      return Scene.refuse(
          Refusal.invalid("data", "is longer than " + Limits.APP_EVENT_DATA_BYTES + " bytes"));
    }
    List<Change> changes = scene.room().isInbox() ? List.of() : beginning(scene);
    return scene.write(emit.type(), emit.data(), changes, emit.key());
  }

  /** Made once: whoever comes second finds it there. */
  static Decision open(Intent intent, Direct direct, Reading reading, Policy policy) {
    Actor actor = intent.actor();
    boolean banned =
        !actor.isService()
            && reading
                .field(RoomFields.siteBan(actor.id()))
                .map(Sanction::parse)
                .filter(ban -> ban.holdsAt(reading.now()))
                .isPresent();
    if (banned) {
      return Scene.refuse(new Refusal.Banned(Optional.empty()));
    }
    if (!actor.isService() && !direct.users().contains(actor.id())) {
      return Scene.refuse(Refusal.invalid("user_ids", "must name you"));
    }
    if (reading.field(RoomFields.SETTINGS).isPresent()) {
      return Scene.nothing();
    }
    var settings = new RoomSettings("", "", Access.PRIVATE, false, false, 0, 0, Filters.NONE);
    var changes = new ArrayList<Change>();
    changes.add(new Change.Set(RoomFields.SETTINGS, settings.json(Optional.empty())));
    changes.add(new Change.Count(RoomFields.MEMBERS, direct.users().size()));
    ObjectNode data = event(settings);
    var members = data.putArray("members");
    for (UserId user : direct.users()) {
      Member member = Member.added(Role.MEMBER, reading.now());
      changes.add(new Change.Set(RoomFields.member(user), member.json()));
      changes.add(new Change.StampId(RoomFields.roomOf(user, intent.room())));
      members.add(member.toJson(user));
    }
    return new Decision.Write(
        Append.of(intent.room(), EventType.ROOM_UPDATED, actor.by(), Json.line(data))
            .expecting(reading.expectations())
            .changing(changes)
            .limitedTo(Rates.of(actor, policy)));
  }
}
