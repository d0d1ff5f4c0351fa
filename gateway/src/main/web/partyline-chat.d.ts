import type { Client, Room, Status } from "./partyline.js";

export { connect } from "./partyline.js";

/** `<partyline-chat>`; its attributes stand at the head of partyline-chat.js. */
export class PartylineChat extends HTMLElement {
  /** While it is in a page. */
  readonly client: Client | null;
  readonly room: Room | null;
}

declare global {
  interface HTMLElementTagNameMap {
    "partyline-chat": PartylineChat;
  }
  interface HTMLElementEventMap {
    "partyline-status": CustomEvent<Status>;
  }
}
