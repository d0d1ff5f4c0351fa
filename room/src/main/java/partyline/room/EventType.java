package partyline.room;

/** The words for what can happen in a room. Clients ignore words they do not know. */
public final class EventType {

  /** Makes a message: the only type that is numbered and kept in the room's history. */
  public static final String MESSAGE_CREATED = "message.created";

  public static final String MESSAGE_UPDATED = "message.updated";
  public static final String MESSAGE_DELETED = "message.deleted";
  public static final String MESSAGE_PINNED = "message.pinned";
  public static final String MESSAGE_UNPINNED = "message.unpinned";
  public static final String REACTION_ADDED = "reaction.added";
  public static final String REACTION_REMOVED = "reaction.removed";
  public static final String MEMBER_JOINED = "member.joined";
  public static final String MEMBER_LEFT = "member.left";
  public static final String MEMBER_UPDATED = "member.updated";
  public static final String MEMBER_REMOVED = "member.removed";
  public static final String USER_BANNED = "user.banned";
  public static final String USER_UNBANNED = "user.unbanned";
  public static final String USER_MUTED = "user.muted";
  public static final String USER_UNMUTED = "user.unmuted";
  public static final String ROOM_UPDATED = "room.updated";
  public static final String ROOM_DELETED = "room.deleted";

  /** In an inbox: somebody mentioned them. */
  public static final String MENTION_CREATED = "mention.created";

  /** In an inbox: they belong to a room from now on. */
  public static final String ROOM_ADDED = "room.added";

  /** In an inbox: and no more to that one. */
  public static final String ROOM_REMOVED = "room.removed";

  /** What events of the site's own begin with. */
  public static final String APP_PREFIX = "app.";

  /** Ephemeral: who is here has changed. */
  public static final String PRESENCE = "presence";

  /** Ephemeral, in an inbox: how far they have read in a room, on another device. */
  public static final String READ = "read";

  /** Ephemeral: somebody is writing something. */
  public static final String TYPING = "typing";

  private EventType() {}
}
