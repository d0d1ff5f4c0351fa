import { avatarOf, hueOf } from "./avatar.js";
import { element } from "./dom.js";
import { putHtml, textOf } from "./html.js";

/**
 * One message, or one on its way, as it is seen. What people wrote is put in as text or as HTML that
 * was sanitised twice; names and texts find their own direction.
 */
export class MessageView {
  #room;
  #words;
  #isMine;
  #react;
  #jump;
  #found = new Map(); // answered messages that are not loaded here: id -> promise

  /**
   * @param isMine whether somebody is who sits here
   * @param react is told of a press on a reaction
   * @param jump is told to go to the message that is answered
   */
  constructor({ room, words, isMine, react, jump }) {
    this.#room = room;
    this.#words = words;
    this.#isMine = isMine;
    this.#react = react;
    this.#jump = jump;
  }

  /** A row whose content {@link fill} puts in, as often as it changes. */
  row({ id }) {
    const row = element("div", { role: "article", tabIndex: -1 });
    row.dataset.id = id;
    return row;
  }

  /** @param goesOn whether it follows one of the same person */
  fill(row, message, goesOn) {
    const { by, kind, deleted_at } = message;
    const mine = this.#isMine(by);
    row.className = ["message", mine && "mine", goesOn && "goes-on", deleted_at && "deleted", kind === "system" && "system"]
      .filter(Boolean)
      .join(" ");
    row.setAttribute("part", mine ? "message mine" : "message");
    row.setAttribute("aria-label", (by.name ?? by.id) + ", " + this.#words.time(new Date(message.at)));
    row.style.setProperty("--hue", hueOf(by.id));
    const bubble = element("div", { className: "bubble", part: "bubble" }, this.#head(message), ...this.#quote(message), this.#text(message));
    row.replaceChildren(...(mine || kind === "system" ? [] : [avatarOf(by)]), bubble, ...this.#reactions(message));
  }

  #head({ by, kind, at, pinned, edited_at, deleted_at }) {
    const { say, time, moment } = this.#words;
    const date = new Date(at);
    const badge = (word) => element("span", { className: "badge", textContent: say(word) });
    return element(
      "p",
      { className: "head" },
      element("bdi", { className: "by", part: "by", textContent: by.name ?? by.id }),
      ...(by.kind === "guest" ? [badge("guest")] : []),
      ...(kind === "bot" || by.kind === "bot" ? [badge("bot")] : []),
      element("time", { dateTime: at, title: moment(date), textContent: time(date) }),
      ...(edited_at && !deleted_at ? [element("span", { textContent: say("edited") })] : []),
      ...(pinned ? [element("span", { textContent: say("pinned") })] : []),
    );
  }

  #text({ text = "", html, deleted_at }) {
    if (deleted_at) {
      return element("p", { className: "text", textContent: this.#words.say("deleted") });
    }
    const made = element("div", { className: html === undefined ? "text" : "text rich", part: "text", dir: "auto" });
    if (html === undefined) {
      made.textContent = text;
    } else {
      putHtml(made, html);
    }
    return made;
  }

  /** What it answers: at once where that is loaded, else as soon as it is found. */
  #quote({ reply_to, deleted_at }) {
    if (reply_to === undefined || deleted_at) {
      return [];
    }
    const { say } = this.#words;
    const quote = element("button", { type: "button", className: "quote", part: "quote", onclick: () => this.#jump(reply_to) });
    const show = ({ by, deleted_at: gone, ...said }) =>
      quote.replaceChildren(
        element("span", { className: "unseen", textContent: say("replies_to", { name: by.name ?? by.id }) }),
        element("bdi", { className: "by", textContent: by.name ?? by.id, "aria-hidden": "true" }),
        element("span", { dir: "auto", textContent: gone ? say("deleted") : excerpt(said) }),
      );
    const known = this.#room.messages.find(({ id }) => id === reply_to);
    if (known === undefined) {
      quote.textContent = "…";
      this.#find(reply_to).then(show, () => (quote.textContent = say("unknown")));
    } else {
      show(known);
    }
    return [quote];
  }

  /** Asked for once, however many answer it and however often they change. */
  #find(id) {
    if (!this.#found.has(id)) {
      this.#found.set(id, this.#room.find(id));
    }
    return this.#found.get(id);
  }

  #reactions({ id, reactions = [], deleted_at }) {
    if (reactions.length === 0 || deleted_at) {
      return [];
    }
    const { say, number } = this.#words;
    const chips = reactions.map(({ emoji, count, users }) => {
      const mine = users.some((user) => this.#isMine({ id: user }));
      const label = say("reacted", { emoji, n: count, names: this.#names(users) });
      const chip = element(
        "button",
        { type: "button", className: "reaction", part: "reaction", title: label, "aria-label": label, "aria-pressed": String(mine) },
        element("span", { textContent: emoji, "aria-hidden": "true" }),
        element("span", { textContent: number(count), "aria-hidden": "true" }),
      );
      chip.dataset.emoji = emoji;
      chip.addEventListener("click", () => this.#react(id, emoji, mine));
      return chip;
    });
    return [element("div", { className: "reactions" }, ...chips)];
  }

  /** As far as they are known here: an event names who reacted by id alone. */
  #names(users) {
    const people = [...this.#room.presence.users, ...this.#room.messages.map(({ by }) => by)];
    return this.#words.list(users.map((user) => people.find(({ id }) => id === user)?.name ?? user));
  }

  letter({ key, draft, status, problem }) {
    const { say, why } = this.#words;
    const button = (word, run) => element("button", { type: "button", textContent: say(word), onclick: run });
    const said = status === "failed" ? say("failed", { why: why(problem) }) : say(status);
    const choices =
      status === "sending"
        ? []
        : [button("again", () => this.#room.retry(key)), button("discard", () => this.#room.discard(key))];
    const bubble = element(
      "div",
      { className: "bubble", part: "bubble" },
      element("p", { className: "text", part: "text", dir: "auto", textContent: draft.text }),
      element("p", { className: "note", textContent: said }),
    );
    return element(
      "div",
      { className: "message mine letter " + status, part: "message letter" },
      bubble,
      ...(choices.length === 0 ? [] : [element("div", { className: "choices" }, ...choices)]),
    );
  }
}

/** Some of what a message says, on one line and without its marks. */
export function excerpt({ text = "", html }, longest = 120) {
  const line = (html === undefined ? text : textOf(html)).replace(/\s+/g, " ").trim();
  const letters = [...line];
  return letters.length > longest ? letters.slice(0, longest - 1).join("") + "…" : line;
}
