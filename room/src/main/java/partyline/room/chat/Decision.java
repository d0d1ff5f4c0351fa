package partyline.room.chat;

import partyline.room.Append;

/** What the rules make of a command. */
public sealed interface Decision {

  /**
   * @param append expects all that the decision was made on
   */
  record Write(Append append) implements Decision {}

  record Refuse(Refusal refusal) implements Decision {}

  /** It is so already. */
  record Nothing() implements Decision {}
}
