import { element } from "./dom.js";

/** Who is so near the end is reading there, and is taken along. */
const NEAR_END_PX = 60;

/**
 * The messages of a room and what is on its way there, as a list that follows its end only for those
 * who read there, and does not jump when older ones come in before.
 */
export class MessageList {
  root;
  #room;
  #words;
  #isMine;
  #log;
  #older;
  #latest;
  #scroll;
  #shown = new Map(); // key -> {node, of}: what stands there, and what it was made of

  /** @param isMine whether a message is by who sits here */
  constructor({ room, words, isMine }) {
    this.#room = room;
    this.#words = words;
    this.#isMine = isMine;
    this.#older = element("p", { className: "older" });
    this.#log = element("div", {
      className: "log",
      part: "log",
      role: "log",
      "aria-live": "polite",
      "aria-relevant": "additions",
      "aria-label": words.say("messages"),
    });
    this.#scroll = element("div", { className: "scroll", part: "scroll", tabIndex: 0 }, this.#older, this.#log);
    this.#scroll.addEventListener("scroll", () => this.#followed(), { passive: true });
    this.#latest = element("button", {
      type: "button",
      className: "latest",
      part: "latest",
      hidden: true,
      textContent: words.say("latest"),
      onclick: () => this.toEnd(),
    });
    this.root = [this.#scroll, this.#latest];
  }

  /** Makes what is seen what there is. */
  show() {
    const atEnd = this.#isAtEnd();
    const anchor = atEnd ? null : this.#anchor();
    // What is there at first was not said just now.
    const quiet = this.#shown.size === 0 || this.#room.state !== "ready";
    this.#log.setAttribute("aria-live", quiet ? "off" : "polite");
    this.#put(this.#items());
    this.#showOlder();
    if (atEnd) {
      this.toEnd();
    } else if (anchor !== null) {
      this.#scroll.scrollTop += anchor.node.offsetTop - anchor.top;
    }
    this.#followed();
  }

  toEnd() {
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  // --- What stands there ---

  #items() {
    const items = [];
    let day = null;
    for (const message of this.#room.messages) {
      const of = this.#words.day(new Date(message.at));
      if (of !== day) {
        items.push({ key: "day " + of, of, make: () => element("div", { className: "day", textContent: of }) });
        day = of;
      }
      items.push({ key: message.id, of: message, make: () => this.#message(message) });
    }
    for (const letter of this.#room.outbox) {
      items.push({ key: "letter " + letter.key, of: letter.status, make: () => this.#letter(letter) });
    }
    return items;
  }

  /** Moves as little as can be: what stays where it is is not announced again, and keeps its focus. */
  #put(items) {
    const kept = new Set(items.map(({ key }) => key));
    for (const [key, { node }] of this.#shown) {
      if (!kept.has(key)) {
        node.remove();
        this.#shown.delete(key);
      }
    }
    let next = this.#log.firstChild;
    for (const { key, of, make } of items) {
      const known = this.#shown.get(key);
      if (known !== undefined && known.of === of) {
        if (known.node === next) {
          next = next.nextSibling;
        } else {
          this.#log.insertBefore(known.node, next);
        }
        continue;
      }
      const node = make();
      if (known === undefined) {
        this.#log.insertBefore(node, next);
      } else {
        next = known.node === next ? next.nextSibling : next;
        known.node.replaceWith(node);
      }
      this.#shown.set(key, { node, of });
    }
  }

  #message({ kind, by, at, text, edited_at, deleted_at }) {
    const date = new Date(at);
    const { say, time } = this.#words;
    const head = element(
      "p",
      { className: "head" },
      element("bdi", { className: "by", part: "by", textContent: by.name ?? by.id }),
      ...(by.kind === "guest" ? [element("span", { className: "badge", textContent: say("guest") })] : []),
      element("time", { dateTime: at, textContent: time(date) }),
      ...(edited_at ? [element("span", { textContent: say("edited") })] : []),
    );
    const body = deleted_at
      ? element("p", { className: "text", textContent: say("deleted") })
      : element("p", { className: "text", part: "text", dir: "auto", textContent: text ?? "" });
    const node = element("div", { className: "message", part: "message" }, head, body);
    node.classList.toggle("mine", this.#isMine(by));
    node.classList.toggle("deleted", Boolean(deleted_at));
    node.classList.toggle("system", kind === "system");
    return node;
  }

  #letter({ key, draft, status, problem }) {
    const { say } = this.#words;
    const button = (word, onclick) => element("button", { type: "button", textContent: say(word), onclick });
    const said = status === "failed" ? say("failed", { why: problem.message }) : say(status);
    const choices =
      status === "sending"
        ? []
        : [button("again", () => this.#room.retry(key)), button("discard", () => this.#room.discard(key))];
    return element(
      "div",
      { className: "message mine letter " + status, part: "message letter" },
      element("p", { className: "text", dir: "auto", textContent: draft.text }),
      element("p", { className: "note", textContent: said }),
      ...choices,
    );
  }

  #showOlder() {
    const { hasOlder, gap, messages, state } = this.#room;
    const { say } = this.#words;
    if (state !== "ready") {
      return;
    }
    const said = messages.length === 0 ? "empty" : gap ? "gap" : "first";
    const more = element("button", {
      type: "button",
      textContent: say("older"),
      onclick: () => this.#room.older().catch(() => {}),
    });
    this.#older.replaceChildren(hasOlder && messages.length > 0 ? more : say(said));
  }

  // --- Where one reads ---

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  /** The first message in sight, and where it is: there it shall stay. A day is no place: it grows. */
  #anchor() {
    const top = this.#scroll.scrollTop;
    const messages = [...this.#log.querySelectorAll(".message")];
    const node = messages.find((each) => each.offsetTop + each.offsetHeight > top);
    return node === undefined ? null : { node, top: node.offsetTop };
  }

  #followed() {
    this.#latest.hidden = this.#isAtEnd();
  }
}
