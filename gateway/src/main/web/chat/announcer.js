import { element } from "./dom.js";
import { excerpt } from "./message.js";

/** So many are read as they are; of more only their number, or a busy room would never be silent. */
const READ_OUT = 3;
const BATCH_MS = 1_000;
const KEPT_LINES = 10;
const LONGEST_LINE_READ = 300;

/** What is said of messages that came together. */
export function announcementsOf(messages, { say, list }) {
  const names = [...new Set(messages.map(({ by }) => by.name ?? by.id))];
  if (messages.length > READ_OUT) {
    return [say("said_many", { n: messages.length, names: list(names.slice(0, READ_OUT)) })];
  }
  return messages.map((message) => say("said", { name: message.by.name ?? message.by.id, text: excerpt(message, LONGEST_LINE_READ) }));
}

/**
 * Reads new messages to who can't see them: additions alone, some at a time, and nothing while it is
 * turned off. It stands beside the list that is seen, where every reaction would be an addition too.
 */
export class Announcer {
  root;
  #words;
  #waiting = [];
  #timer;
  #aloud = true;

  constructor(words) {
    this.#words = words;
    this.root = element("div", {
      className: "unseen",
      role: "log",
      "aria-live": "polite",
      "aria-relevant": "additions",
      "aria-label": words.say("messages"),
    });
  }

  get aloud() {
    return this.#aloud;
  }

  set aloud(aloud) {
    this.#aloud = aloud;
    this.root.setAttribute("aria-live", aloud ? "polite" : "off");
  }

  tell(message) {
    if (this.#aloud) {
      this.#waiting.push(message);
      this.#timer ??= setTimeout(() => this.#flush(), BATCH_MS);
    }
  }

  close() {
    clearTimeout(this.#timer);
  }

  #flush() {
    this.#timer = undefined;
    const said = announcementsOf(this.#waiting, this.#words);
    this.#waiting = [];
    this.root.append(...said.map((text) => element("p", { textContent: text, dir: "auto" })));
    while (this.root.childElementCount > KEPT_LINES) {
      this.root.firstElementChild.remove();
    }
  }
}
