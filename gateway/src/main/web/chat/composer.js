import { element, iconButton } from "./dom.js";
import { emojiGrid } from "./emoji.js";
import { excerpt } from "./message.js";

const LONGEST = 4_000;
const TOLD_FROM_LEFT = 200;
const LONGEST_NAME = 64;

/**
 * Where one writes: Enter sends, Shift and Enter breaks the line, and an Enter that ends a word of an
 * input method does neither. Escape leaves a reply or an edit, the arrow up in an empty field edits
 * what one said last. A guest says a name first.
 */
export class Composer {
  root;
  #room;
  #words;
  #guest;
  #popup;
  #known;
  #lastOfMine;
  #name;
  #text;
  #send;
  #emoji;
  #problem;
  #left;
  #nameLabel;
  #field;
  #silence;
  #about;
  #reply = null;
  #edited = null;
  #draft = ""; // what was begun before the edit

  /**
   * @param guest null where one is known by a token
   * @param known is told when the guest got a token
   * @param spoke is told when something was sent
   * @param lastOfMine gives the message that the arrow up edits
   */
  constructor({ room, words, guest, popup, known, spoke, lastOfMine }) {
    this.#room = room;
    this.#words = words;
    this.#guest = guest;
    this.#popup = popup;
    this.#known = known;
    this.#lastOfMine = lastOfMine;
    this.spoke = spoke;
    this.#build();
    this.show();
  }

  #build() {
    const { say } = this.#words;
    const label = (text, field, className = "") =>
      element("label", { className }, element("span", { className: "unseen", textContent: text }), field);
    this.#name = element("input", { maxLength: LONGEST_NAME, autocomplete: "nickname", placeholder: say("name"), dir: "auto" });
    this.#name.value = this.#guest?.name ?? "";
    this.#name.setAttribute("part", "name");
    this.#text = element("textarea", { rows: 1, maxLength: LONGEST, placeholder: say("write"), dir: "auto", part: "field" });
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#text.addEventListener("input", () => this.#typed());
    this.#nameLabel = label(say("name"), this.#name, "name");
    this.#field = label(say("write"), this.#text, "field");
    this.#emoji = iconButton("smile", say("emoji"), { className: "plain", "aria-haspopup": "dialog", "aria-expanded": "false" });
    this.#emoji.addEventListener("click", () => this.#pick());
    this.#send = iconButton("send", say("send"), { type: "submit", className: "send", part: "send" });
    this.#about = element("p", { className: "about", hidden: true });
    this.#silence = element("p", { className: "silence", hidden: true });
    this.#left = element("p", { className: "left", hidden: true });
    this.#problem = element("p", { className: "problem", part: "problem", role: "alert" });
    this.root = element(
      "form",
      { className: "composer", part: "composer", noValidate: true },
      this.#about,
      this.#nameLabel,
      this.#field,
      this.#emoji,
      this.#send,
      this.#silence,
      this.#left,
      this.#problem,
    );
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  focus() {
    this.#text.focus();
  }

  /** Whether one may write, and as whom, may have changed. */
  show() {
    const { me, info } = this.#room;
    const anonymous = this.#guest !== null && this.#guest.token === null;
    const silent = me !== null && !anonymous && !me.can.includes("post");
    this.#nameLabel.hidden = !anonymous;
    this.#field.hidden = this.#emoji.hidden = this.#send.hidden = silent;
    this.#silence.hidden = !silent;
    if (silent) {
      const why = info?.read_only ? "read_only" : me.role === "reader" ? "reader" : "muted";
      this.#silence.textContent = this.#words.say(why);
    }
  }

  reply(message) {
    this.#leaveEdit();
    this.#reply = message;
    this.#tellAbout(this.#words.say("reply_to", { name: message.by.name ?? message.by.id }), message);
    this.focus();
  }

  edit(message) {
    this.#reply = null;
    this.#draft = this.#edited === null ? this.#text.value : this.#draft;
    this.#edited = message;
    this.#text.value = message.text ?? "";
    this.#tellAbout(this.#words.say("editing"), message);
    this.focus();
    this.#typed(false);
  }

  #tellAbout(what, message) {
    const cancel = iconButton("close", this.#words.say("cancel"), { className: "plain", onclick: () => this.#cancel() });
    this.#about.hidden = false;
    this.#about.replaceChildren(
      element("span", {}, element("b", { textContent: what }), " ", element("span", { dir: "auto", textContent: excerpt(message) })),
      cancel,
    );
  }

  #cancel() {
    this.#leaveEdit();
    this.#reply = null;
    this.#about.hidden = true;
    this.focus();
  }

  #leaveEdit() {
    if (this.#edited !== null) {
      this.#edited = null;
      this.#text.value = this.#draft;
      this.#draft = "";
      this.#typed(false);
    }
  }

  #key(event) {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key === "Enter" && !event.shiftKey && !composing) {
      event.preventDefault();
      this.#submit();
    } else if (event.key === "Escape" && !this.#about.hidden && !composing) {
      event.preventDefault();
      this.#cancel();
    } else if (event.key === "ArrowUp" && this.#text.value === "") {
      const last = this.#lastOfMine();
      if (last !== undefined) {
        event.preventDefault();
        this.edit(last);
      }
    }
  }

  #typed(byHand = true) {
    const left = LONGEST - this.#text.value.length;
    this.#left.hidden = left > TOLD_FROM_LEFT;
    this.#left.textContent = this.#words.say("left", { n: left });
    if (byHand && this.#text.value !== "" && this.#edited === null && this.#room.me?.can.includes("post")) {
      this.#room.type();
    }
  }

  #pick() {
    const grid = emojiGrid((emoji) => {
      this.#popup.close();
      this.#text.setRangeText(emoji, this.#text.selectionStart, this.#text.selectionEnd, "end");
      this.focus();
    });
    const label = this.#words.say("emoji");
    grid.setAttribute("role", "grid");
    grid.setAttribute("aria-label", label);
    this.#popup.open(this.#emoji, grid, { role: "dialog", "aria-label": label });
  }

  async #submit() {
    const text = this.#text.value.trim();
    if (text === "" || !(await this.#isKnown())) {
      return;
    }
    const edited = this.#edited;
    const reply = this.#reply;
    this.#text.value = "";
    this.#problem.textContent = "";
    this.#cancel();
    if (edited !== null) {
      this.#room.edit(edited.id, text).catch((problem) => {
        this.edit({ ...edited, text });
        this.tell(problem);
      });
    } else {
      this.spoke();
      this.#room.send({ text, reply_to: reply?.id });
    }
  }

  /** What went wrong, said at once. */
  tell(problem) {
    this.#problem.textContent = this.#words.why(problem);
  }

  async #isKnown() {
    if (this.#guest === null || this.#guest.token !== null) {
      return true;
    }
    const name = this.#name.value.trim();
    if (name === "") {
      this.#problem.textContent = this.#words.say("say_name");
      this.#name.focus();
      return false;
    }
    try {
      await this.#guest.become(name);
      await this.#known();
      this.#problem.textContent = "";
      return true;
    } catch (error) {
      this.tell(error);
      return false;
    } finally {
      this.show();
    }
  }
}
