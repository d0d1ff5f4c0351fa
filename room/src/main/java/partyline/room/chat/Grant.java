package partyline.room.chat;

/**
 * What a token gives in one room, on top of what the room itself gives. Any of them but {@link
 * #EMIT} counts as membership while the token lives.
 */
public enum Grant {
  READ,
  POST,
  EMIT,
  MODERATE
}
