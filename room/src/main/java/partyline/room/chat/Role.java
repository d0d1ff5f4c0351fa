package partyline.room.chat;

/** What a member is in their room. */
public enum Role {
  OWNER,
  MODERATOR,
  MEMBER;

  public String word() {
    return Words.word(this);
  }
}
