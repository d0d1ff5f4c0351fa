package partyline.room.chat;

/** What can be allowed in a room; {@link Permissions} says to whom. */
public enum Permission {
  READ,
  POST,
  REACT,
  REPORT,
  DELETE_ANY,
  PIN,
  MUTE,
  BAN,
  KICK,
  REPORTS,
  SETTINGS,
  ROLES,
  ADD,
  DELETE_ROOM,
  EMIT;

  /** As it stands in {@code can}. */
  public String word() {
    return Words.word(this);
  }
}
