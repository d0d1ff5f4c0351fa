package partyline.room.chat;

/** What somebody is in a room, all told: role, token, bans and the room's access. */
public enum Position {
  OWNER,
  MODERATOR,
  /** Of the room, by its token, or by being somebody in an open room. */
  MEMBER,
  /** A guest where the room allows guests. */
  GUEST,
  SERVICE,
  /** May read by their token, and no more. */
  READER,
  /** May know that the room is there: it is for members, or takes no guests. */
  OUTSIDER,
  BANNED,
  /** To them the room is not there. */
  STRANGER
}
