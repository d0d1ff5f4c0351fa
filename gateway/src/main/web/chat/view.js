import { Announcer } from "./announcer.js";
import { Composer } from "./composer.js";
import { element, iconButton } from "./dom.js";
import { emojiGrid } from "./emoji.js";
import { Header } from "./header.js";
import { MessageList } from "./message-list.js";
import { asked, menu, Popup } from "./popup.js";

/** One room as it is seen and used: what {@link Room} tells put on a page, and what people do told to it. */
export class ChatView {
  root;
  #room;
  #words;
  #isMine;
  #direct;
  #header;
  #list;
  #composer;
  #announcer;
  #typing;
  #popup;
  #stop;
  #waiting = false;

  /**
   * @param guest see {@link Composer}
   * @param isMine whether somebody is who sits here
   * @param direct is told of somebody who is to be written to alone; null where that is not offered
   * @param known is told when a guest got a token
   */
  constructor({ room, words, guest, isMine, direct, known }) {
    this.#room = room;
    this.#words = words;
    this.#isMine = isMine;
    this.#direct = direct;
    this.root = element("div", { className: "frame", part: "frame", lang: words.language, dir: words.direction });
    this.#popup = new Popup(this.root);
    const jump = (id) => this.#list.jumpTo(id);
    this.#header = new Header({
      room,
      words,
      popup: this.#popup,
      isMine,
      actionsOn: (person) => this.#actionsOn(person),
      jump,
      unpin: (id) => this.#do(room.unpin(id)),
    });
    this.#list = new MessageList({
      room,
      words,
      isMine,
      react: (id, emoji, mine) => this.#do(mine ? room.unreact(id, emoji) : room.react(id, emoji)),
      toolsFor: (message) => this.#toolsFor(message),
    });
    this.#composer = new Composer({
      room,
      words,
      guest,
      popup: this.#popup,
      known,
      spoke: () => this.#list.spoke(),
      lastOfMine: () => room.messages.findLast((message) => isMine(message.by) && !message.deleted_at),
    });
    this.#announcer = new Announcer(words);
    // Seen, and never read aloud: it would never end.
    this.#typing = element("p", { className: "typing", part: "typing", "aria-live": "off" });
    this.root.append(this.#aloud(), this.#header.root, this.#list.root, this.#typing, this.#composer.root, this.#announcer.root);
    this.#listen();
    this.#showAll();
  }

  /** Seen by those who come to it with a keyboard. */
  #aloud() {
    const button = element("button", { type: "button", className: "aloud", "aria-pressed": "true", textContent: this.#words.say("aloud") });
    button.addEventListener("click", () => {
      this.#announcer.aloud = !this.#announcer.aloud;
      button.setAttribute("aria-pressed", String(this.#announcer.aloud));
    });
    return button;
  }

  #listen() {
    const stops = [
      this.#room.on("change", (change) => this.#changed(change)),
      this.#room.on("reset", () => this.#list.missed()),
    ];
    this.#stop = () => stops.forEach((stop) => stop());
  }

  close() {
    this.#stop();
    this.#popup.close(false);
    this.#list.close();
    this.#announcer.close();
  }

  focus() {
    this.#composer.focus();
  }

  /** @param said about the line, and which state that is */
  tell(said, state) {
    this.#header.tell(said, state);
  }

  // --- What is seen ---

  #changed({ kind, message }) {
    if (kind === "typing") {
      this.#showTyping();
    } else if (kind === "presence" || kind === "read") {
      this.#header.show();
    } else {
      if (kind === "message" && !this.#isMine(message.by)) {
        this.#list.came(message);
        this.#announcer.tell(message);
      }
      this.#showSoon();
    }
  }

  /** Once for all that is told together: five hundred missed messages are one picture. */
  #showSoon() {
    if (!this.#waiting) {
      this.#waiting = true;
      queueMicrotask(() => {
        this.#waiting = false;
        this.#showAll();
      });
    }
  }

  #showAll() {
    this.#header.show();
    this.#list.show();
    this.#composer.show();
    this.#showTyping();
  }

  #showTyping() {
    const names = this.#room.typing.map(({ id, name }) => name ?? id);
    const word = names.length > 2 ? "typing_n" : "typing_" + names.length;
    this.#typing.textContent = names.length === 0 ? "" : this.#words.say(word, { a: names[0], b: names[1] });
  }

  // --- What is done ---

  #can(what) {
    return this.#room.me?.can.includes(what) ?? false;
  }

  /** What comes of it is told by events; what does not, by a sentence. */
  #do(promise) {
    promise.catch((problem) => this.#composer.tell(problem));
  }

  #toolsFor(message) {
    if (message.deleted_at || message.kind === "system") {
      return undefined;
    }
    const { say } = this.#words;
    const tools = element("div", { className: "tools", part: "tools" });
    const add = (name, word, what, run) => {
      const button = iconButton(name, say(word), { className: "plain", "data-do": word });
      if (what !== undefined) {
        button.setAttribute("aria-haspopup", what);
        button.setAttribute("aria-expanded", "false");
      }
      button.addEventListener("click", () => run(button));
      tools.append(button);
    };
    if (this.#can("react")) {
      add("smile", "react", "dialog", (button) => this.#pickReaction(button, message.id));
    }
    if (this.#can("post")) {
      add("reply", "reply", undefined, () => this.#composer.reply(this.#now(message)));
    }
    add("more", "more", "menu", (button) => this.#more(button, this.#now(message)));
    return tools;
  }

  /** The message as it stands when something is done to it, not as it stood when the button was made. */
  #now(message) {
    return this.#room.messages.find(({ id }) => id === message.id) ?? message;
  }

  #pickReaction(button, id) {
    const label = this.#words.say("react");
    const grid = emojiGrid((emoji) => {
      this.#popup.close();
      this.#do(this.#room.react(id, emoji));
    });
    grid.setAttribute("role", "grid");
    grid.setAttribute("aria-label", label);
    this.#popup.open(button, grid, { role: "dialog", "aria-label": label });
  }

  #more(button, message) {
    const { say } = this.#words;
    const { id, by, pinned, text } = message;
    const mine = this.#isMine(by);
    const items = [{ name: "copy", label: say("copy"), run: () => navigator.clipboard?.writeText(text).catch(() => {}) }];
    if (mine && this.#can("post")) {
      items.push({ name: "edit", label: say("edit"), run: () => this.#composer.edit(message) });
    }
    if (this.#can("pin")) {
      items.push(pinned
        ? { name: "unpin", label: say("unpin"), run: () => this.#do(this.#room.unpin(id)) }
        : { name: "pin", label: say("pin"), run: () => this.#do(this.#room.pin(id)) });
    }
    if (!mine && this.#can("report")) {
      const ask = () => this.#ask("report_ask", "report", {}, () => this.#room.report(id));
      items.push({ name: "report", label: say("report"), run: ask });
    }
    if (mine || this.#can("delete_any")) {
      const ask = () => this.#ask("delete_ask", "delete", {}, () => this.#room.delete(id));
      items.push({ name: "delete", label: say("delete"), bad: true, run: ask });
    }
    items.push(...this.#actionsOn(by));
    this.#popup.open(button, menu(items, () => this.#popup.close()), { "aria-label": say("more") });
  }

  /** What I may do to somebody. */
  #actionsOn(person) {
    if (this.#isMine(person)) {
      return [];
    }
    const { say } = this.#words;
    const { id } = person;
    const name = person.name ?? id;
    const items = [];
    if (this.#direct !== null && !id.startsWith("guest:")) {
      items.push({ name: "direct", label: say("direct", { name }), run: () => this.#do(this.#direct(person)) });
    }
    if (this.#can("mute")) {
      items.push({ name: "mute", label: say("mute", { name }), bad: true, run: () => this.#do(this.#room.mute(id)) });
    }
    if (this.#can("kick") && !id.startsWith("guest:")) {
      const ask = () => this.#ask("kick_ask", "kick", { name }, () => this.#room.kick(id));
      items.push({ name: "kick", label: say("kick", { name }), bad: true, run: ask });
    }
    if (this.#can("ban")) {
      const ask = () => this.#ask("ban_ask", "ban", { name }, () => this.#room.ban(id));
      items.push({ name: "ban", label: say("ban", { name }), bad: true, run: ask });
    }
    return items;
  }

  async #ask(question, yes, values, run) {
    const { say } = this.#words;
    if (await asked(this.root, say(question, values), say(yes, values), say("cancel"))) {
      this.#do(run());
    }
  }
}
