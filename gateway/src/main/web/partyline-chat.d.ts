import type { Client, Person, Room, Status } from "./partyline.js";

export { connect } from "./partyline.js";

/**
 * Another language, or other words in one that is here (en, fr, de, ar); what is left out stays, or is
 * English. The words stand in chat/words/en.js.
 */
export function defineWords(language: string, words: Record<string, string | Record<string, string>>): void;

/** The words of a language, its dates, numbers and plurals. */
export function wordsOf(language: string): Words;

export interface Words {
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  say(word: string, values?: Record<string, string | number>): string;
  /** Why something was refused. */
  why(problem: { code?: string; message?: string } | null): string;
  day(date: Date): string;
  time(date: Date): string;
  moment(date: Date): string;
  number(number: number): string;
  list(texts: string[]): string;
}

/** Who has no token: a name, and what was given for it. */
export interface Guest {
  readonly token: string | null;
  readonly name: string;
  readonly id: string | null;
  become(name: string): Promise<void>;
  forget(): void;
}

/** `<partyline-chat>`; its attributes stand at the head of partyline-chat.js. */
export class PartylineChat extends HTMLElement {
  /** While it is in a page. */
  readonly client: Client | null;
  readonly room: Room | null;
  /** Null where one is known by a token. */
  readonly guest: Guest | null;
  /** After {@link guest} became somebody, or nobody, outside of the chat. */
  renew(): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    "partyline-chat": PartylineChat;
  }
  interface HTMLElementEventMap {
    "partyline-status": CustomEvent<Status>;
    /** Another room is shown now. */
    "partyline-room": CustomEvent<Room>;
    /** Somebody is to be written to alone; who prevents it does that in another way. */
    "partyline-direct": CustomEvent<Person>;
  }
}
