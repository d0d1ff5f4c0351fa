import { avatarOf } from "./avatar.js";
import { element, icon, iconButton } from "./dom.js";
import { excerpt } from "./message.js";
import { menu } from "./popup.js";

/** What room it is, how the line to it is, who is in it and what is pinned there. */
export class Header {
  root;
  #room;
  #words;
  #popup;
  #actionsOn;
  #jump;
  #unpin;
  #isMine;
  #title;
  #topic;
  #status;
  #people;
  #pins;

  /**
   * @param actionsOn gives what can be done to somebody, see {@link menu}
   * @param jump is told to go to a message
   * @param unpin is told to take one down
   */
  constructor({ room, words, popup, isMine, actionsOn, jump, unpin }) {
    this.#room = room;
    this.#words = words;
    this.#popup = popup;
    this.#actionsOn = actionsOn;
    this.#jump = jump;
    this.#unpin = unpin;
    this.#isMine = isMine;
    this.#title = element("bdi");
    this.#topic = element("bdi");
    this.#status = element("p", { className: "status", part: "status", role: "status" });
    const button = (part, run) =>
      element("button", { type: "button", className: "plain count", part, hidden: true, "aria-haspopup": "dialog", "aria-expanded": "false", onclick: run });
    this.#people = button("people", () => this.#showPeople());
    this.#pins = button("pins", () => this.#showPins());
    this.root = element(
      "header",
      { className: "header", part: "header" },
      element(
        "div",
        { className: "about-room" },
        element("h2", { className: "title", part: "title" }, this.#title),
        element("p", { className: "topic", part: "topic" }, this.#topic),
      ),
      this.#status,
      this.#pins,
      this.#people,
    );
  }

  show() {
    const { info, name, presence, pins } = this.#room;
    const { say, number } = this.#words;
    this.#title.textContent = info?.title || (name.startsWith("dm.") ? this.#others() : "#" + name);
    this.#topic.textContent = info?.topic ?? "";
    count(this.#people, "people", number(presence.count), say("people", { n: presence.count }), presence.count === 0);
    count(this.#pins, "pin", number(pins.length), say("pins"), pins.length === 0);
  }

  /** A direct room has no name but those of its people. */
  #others() {
    const { messages, presence } = this.#room;
    const people = [...presence.users, ...messages.map(({ by }) => by)].filter(({ id }) => !this.#isMine({ id }));
    return this.#words.list([...new Set(people.map(({ id, name }) => name ?? id))]) || "@";
  }

  /** Said aloud by a screen reader, so only when it is something else. */
  tell(said, state) {
    if (this.#status.textContent !== said) {
      this.#status.textContent = said;
    }
    this.#status.dataset.state = state;
  }

  #showPeople() {
    const { count: number, users } = this.#room.presence;
    const { say } = this.#words;
    const people = [...users].sort((a, b) => (a.name ?? a.id).localeCompare(b.name ?? b.id, this.#words.language));
    const list = element("ul", { className: "people" }, ...people.map((person) => element("li", {}, this.#person(person))));
    const label = say("people", { n: number });
    const content = element("div", { className: "panel" }, this.#head(label), users.length < number && users.length === 0 ? element("p", { textContent: say("crowd") }) : list);
    this.#popup.open(this.#people, content, { role: "dialog", "aria-label": label });
  }

  #person(person) {
    const { say } = this.#words;
    const name = element("bdi", { textContent: person.name ?? person.id });
    const badge = person.id.startsWith("guest:") ? [element("span", { className: "badge", textContent: say("guest") })] : [];
    const actions = this.#actionsOn(person);
    return actions.length === 0
      ? element("span", { className: "person" }, avatarOf(person), name, ...badge)
      : element(
          "button",
          { type: "button", className: "plain person", onclick: () => this.#popup.refill(menu(actions, () => this.#popup.close())) },
          avatarOf(person),
          name,
          ...badge,
        );
  }

  #showPins() {
    const { say } = this.#words;
    const label = say("pins");
    const canUnpin = this.#room.me?.can.includes("pin");
    const pins = this.#room.pins.map((message) =>
      element(
        "li",
        { className: "pinned" },
        element(
          "button",
          { type: "button", className: "plain", onclick: () => this.#go(message.id) },
          element("bdi", { className: "by", textContent: message.by?.name ?? message.by?.id ?? "" }),
          element("span", { dir: "auto", textContent: excerpt(message) }),
        ),
        ...(canUnpin ? [iconButton("close", say("unpin"), { className: "plain", onclick: () => this.#takeDown(message.id) })] : []),
      ),
    );
    const content = element("div", { className: "panel" }, this.#head(label), element("ul", {}, ...pins));
    this.#popup.open(this.#pins, content, { role: "dialog", "aria-label": label });
  }

  #head(text) {
    const close = iconButton("close", this.#words.say("close"), { className: "plain", "data-first": "", onclick: () => this.#popup.close() });
    return element("div", { className: "panel-head" }, element("b", { textContent: text }), close);
  }

  #go(id) {
    this.#popup.close(false);
    this.#jump(id);
  }

  #takeDown(id) {
    this.#popup.close();
    this.#unpin(id);
  }
}

function count(button, picture, number, label, hidden) {
  button.hidden = hidden;
  if (button.title !== label || button.dataset.n !== number) {
    button.title = label;
    button.dataset.n = number;
    button.setAttribute("aria-label", label);
    button.replaceChildren(icon(picture), element("span", { textContent: number }));
  }
}
