package partyline.room.chat;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import partyline.room.EventId;
import partyline.room.Field;
import partyline.room.RoomId;
import partyline.room.View;
import partyline.room.chat.Policy.Creation;
import partyline.room.chat.RoomSettings.Access;

/**
 * What somebody is in a room at one instant, and so what they may.
 *
 * <p>Bans beat everything but the site itself; then comes what the room says (its members), then
 * what the token grants, then what the room gives to anybody. A private room is not there for who
 * is not in it, banned or not.
 *
 * @param exists false = nobody has set it up or said anything in it, and whoever may create it
 *     finds it empty, open and with default settings
 */
public record Standing(
    Position position,
    RoomSettings settings,
    boolean exists,
    Optional<Sanction> ban,
    Optional<Sanction> mute,
    boolean emits) {

  /** What has to be read to know. */
  public static List<Field> fields(RoomId room, Actor actor) {
    return actor.isService() || room.isInbox()
        ? List.of(RoomFields.SETTINGS)
        : List.of(
            RoomFields.SETTINGS,
            RoomFields.member(actor.id()),
            RoomFields.ban(actor.id()),
            RoomFields.mute(actor.id()),
            RoomFields.siteBan(actor.id()));
  }

  /**
   * @param view of at least {@link #fields}
   */
  public static Standing of(RoomId room, Actor actor, View view, Policy policy) {
    return of(room, actor, new Reading(view), policy);
  }

  /** Of somebody without a token: they read what guests may read. */
  public static Standing ofNobody(RoomId room, View view, Policy policy) {
    var reading = new Reading(view);
    if (isDeleted(reading)) {
      return stranger(policy);
    }
    boolean exists = exists(reading);
    RoomSettings settings = settings(reading, policy);
    boolean reads =
        !room.isInbox()
            && !room.isDirect()
            && settings.access() == Access.OPEN
            && settings.guests()
            && (exists || policy.creation() == Creation.MEMBERS);
    boolean hidden = settings.access() == Access.PRIVATE || room.isInbox() || room.isDirect();
    return new Standing(
        reads ? Position.READER : hidden || !exists ? Position.STRANGER : Position.OUTSIDER,
        settings,
        exists,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  static Standing of(RoomId room, Actor actor, Reading reading, Policy policy) {
    if (room.isInbox()) {
      return inbox(room, actor, policy);
    }
    if (isDeleted(reading)) {
      return stranger(policy);
    }
    boolean exists = exists(reading);
    RoomSettings settings = settings(reading, policy);
    if (actor.isService()) {
      return new Standing(
          Position.SERVICE, settings, exists, Optional.empty(), Optional.empty(), true);
    }
    Optional<Member> member =
        exists ? reading.field(RoomFields.member(actor.id())).map(Member::parse) : Optional.empty();
    Optional<Sanction> ban =
        sanction(reading, RoomFields.siteBan(actor.id()))
            .or(() -> sanction(reading, RoomFields.ban(actor.id())));
    Position open = position(room, actor, settings, exists, member, policy);
    return new Standing(
        ban.isPresent() && open != Position.STRANGER ? Position.BANNED : open,
        settings,
        exists,
        ban,
        sanction(reading, RoomFields.mute(actor.id())),
        actor.has(Grant.EMIT) && !room.isDirect());
  }

  /** A person's own: they read it, the site writes it. */
  private static Standing inbox(RoomId room, Actor actor, Policy policy) {
    Position position =
        actor.isService()
            ? Position.SERVICE
            : room.equals(RoomId.inboxOf(actor.id())) ? Position.READER : Position.STRANGER;
    return new Standing(
        position,
        RoomSettings.byDefault(policy.guests()),
        true,
        Optional.empty(),
        Optional.empty(),
        actor.isService());
  }

  private static boolean exists(Reading reading) {
    return reading.field(RoomFields.SETTINGS).isPresent() || !reading.head().equals(EventId.ZERO);
  }

  /** Its name is not given out again: those who knew the old room would take it for that. */
  private static boolean isDeleted(Reading reading) {
    return reading.field(RoomFields.SETTINGS).filter(RoomSettings::isDeleted).isPresent();
  }

  private static Standing stranger(Policy policy) {
    return new Standing(
        Position.STRANGER,
        RoomSettings.byDefault(policy.guests()),
        false,
        Optional.empty(),
        Optional.empty(),
        false);
  }

  private static RoomSettings settings(Reading reading, Policy policy) {
    return reading
        .field(RoomFields.SETTINGS)
        .map(RoomSettings::parse)
        .orElseGet(() -> RoomSettings.byDefault(policy.guests()));
  }

  private static Optional<Sanction> sanction(Reading reading, Field field) {
    return reading
        .field(field)
        .map(Sanction::parse)
        .filter(sanction -> sanction.holdsAt(reading.now()));
  }

  private static Position position(
      RoomId room,
      Actor actor,
      RoomSettings settings,
      boolean exists,
      Optional<Member> member,
      Policy policy) {
    if (member.isPresent()) {
      return switch (member.get().role()) {
        case OWNER -> Position.OWNER;
        case MODERATOR -> Position.MODERATOR;
        case MEMBER -> Position.MEMBER;
      };
    }
    if (room.isDirect() || !exists && !mayCreate(actor, policy)) {
      return Position.STRANGER;
    }
    if (actor.has(Grant.MODERATE)) {
      return Position.MODERATOR;
    }
    if (actor.has(Grant.POST)) {
      return Position.MEMBER;
    }
    return switch (settings.access()) {
      case OPEN -> actor.isGuest() ? guest(settings) : Position.MEMBER;
      case MEMBERS -> actor.has(Grant.READ) ? Position.READER : Position.OUTSIDER;
      case PRIVATE -> actor.has(Grant.READ) ? Position.READER : Position.STRANGER;
    };
  }

  private static Position guest(RoomSettings settings) {
    return settings.guests() ? Position.GUEST : Position.OUTSIDER;
  }

  private static boolean mayCreate(Actor actor, Policy policy) {
    return switch (policy.creation()) {
      case SERVICE -> false;
      case CLAIMS -> actor.has(Grant.POST) || actor.has(Grant.MODERATE);
      case MEMBERS -> true;
    };
  }

  /** Everything they may here and now. */
  public Set<Permission> can() {
    Set<Permission> can = EnumSet.noneOf(Permission.class);
    for (Permission permission : Permission.values()) {
      if (refusal(permission).isEmpty()) {
        can.add(permission);
      }
    }
    return can;
  }

  /** Why they may not; empty if they may. */
  public Optional<Refusal> refusal(Permission permission) {
    if (permission == Permission.EMIT && emits && position != Position.BANNED) {
      return Optional.empty();
    }
    if (!Permissions.allow(position, permission)) {
      return Optional.of(denied());
    }
    return permission == Permission.POST || permission == Permission.REACT
        ? silenced()
        : Optional.empty();
  }

  private Refusal denied() {
    return switch (position) {
      case STRANGER -> new Refusal.NotFound();
      case BANNED -> new Refusal.Banned(ban.flatMap(Sanction::until));
      case OUTSIDER ->
          settings.access() == Access.MEMBERS
              ? new Refusal.NotAMember()
              : new Refusal.Forbidden("This room takes no guests.");
      case READER -> new Refusal.Forbidden("The token lets you read here, no more.");
      case OWNER, MODERATOR, MEMBER, GUEST, SERVICE ->
          new Refusal.Forbidden("Ask an owner or a moderator of the room.");
    };
  }

  private Optional<Refusal> silenced() {
    if (mute.isPresent() && position != Position.SERVICE) {
      return Optional.of(new Refusal.Muted(mute.get().until()));
    }
    boolean speaksHere = position != Position.MEMBER && position != Position.GUEST;
    return settings.readOnly() && !speaksHere
        ? Optional.of(new Refusal.ReadOnly())
        : Optional.empty();
  }

  /** Whether they wait between two messages. */
  boolean isSlowed() {
    return settings.slowModeSeconds() > 0
        && (position == Position.MEMBER || position == Position.GUEST);
  }
}
