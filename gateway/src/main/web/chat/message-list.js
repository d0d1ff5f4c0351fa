import { element, icon } from "./dom.js";
import { MessageView } from "./message.js";
import { isSame, rowsOf } from "./rows.js";

/** Who is so near the end is reading there, and is taken along. */
const NEAR_END_PX = 60;
/** Who is so near the beginning will want more of it. */
const NEAR_START_PX = 200;
const SOUGHT_PAGES = 10;

/**
 * The messages of a room and what is on its way there, as a list that follows its end only for those
 * who read there, and does not jump when older ones come in before.
 *
 * One message at a time can be reached by the Tab key, arrows lead to the others: a keyboard is not
 * lost in fifty messages with three buttons each. What can be done to a message stands at the one
 * that is pointed at, or has the focus.
 */
export class MessageList {
  root;
  #room;
  #words;
  #view;
  #toolsFor;
  #log;
  #older;
  #latest;
  #scroll;
  #shown = new Map(); // key -> {node, of}: what stands there, and what it was made of
  #atEnd = true;
  #missed = false;
  #line = null; // the number of the message after which all is new
  #fresh = 0; // came since the end was left
  #began = false;
  #resized;
  #stop = new AbortController();

  /**
   * @param isMine whether somebody is who sits here
   * @param react is told of a press on a reaction
   * @param toolsFor gives what can be done to a message, as an element
   */
  constructor({ room, words, isMine, react, toolsFor }) {
    this.#room = room;
    this.#words = words;
    this.#toolsFor = toolsFor;
    this.#view = new MessageView({ room, words, isMine, react, jump: (id) => this.jumpTo(id) });
    this.#older = element("p", { className: "older" });
    this.#log = element("div", { className: "log", part: "log" });
    this.#scroll = element(
      "div",
      { className: "scroll", part: "scroll", tabIndex: 0, role: "region", "aria-label": words.say("messages") },
      this.#older,
      this.#log,
    );
    this.#latest = element("button", { type: "button", className: "latest", part: "latest", hidden: true, onclick: () => this.#backToEnd() });
    this.root = element("div", { className: "list" }, this.#scroll, this.#latest);
    this.#listen();
  }

  #listen() {
    const { signal } = this.#stop;
    const scroll = this.#scroll;
    scroll.addEventListener("scroll", () => this.#followed(), { passive: true });
    scroll.addEventListener("keydown", (event) => this.#key(event));
    for (const type of ["pointerover", "focusin", "click"]) {
      scroll.addEventListener(type, ({ target }) => this.#arm(target.closest?.("[data-id]")));
    }
    // A page that is looked at again is read again.
    document.addEventListener("visibilitychange", () => this.#read(), { signal });
    this.#resized = new ResizeObserver(() => this.#atEnd && this.toEnd());
    this.#resized.observe(scroll);
    this.#resized.observe(this.#log);
  }

  close() {
    this.#stop.abort();
    this.#resized.disconnect();
  }

  /** Some were missed for good: there is a break before what is there now. */
  missed() {
    this.#missed = true;
  }

  /** One came that nobody here has written. */
  came(message) {
    if (!this.#isRead()) {
      this.#line ??= message.number - 1;
      this.#fresh++;
    }
  }

  /** I have said something: what stands above it is no news any more. */
  spoke() {
    this.#line = null;
    this.#atEnd = true;
  }

  /** Makes what is seen what there is. */
  show() {
    this.#begin();
    const anchor = this.#atEnd ? null : this.#anchor();
    this.#put();
    this.#showOlder();
    if (this.#atEnd) {
      this.toEnd();
    } else if (anchor !== null) {
      this.#scroll.scrollTop += anchor.node.offsetTop - anchor.top;
    }
    this.#followed();
  }

  /** The line stands where one stopped reading, also days ago. */
  #begin() {
    if (!this.#began && this.#room.state === "ready") {
      this.#began = true;
      const { read, unread } = this.#room;
      this.#line = read.number > 0 && unread > 0 ? read.number : null;
    }
  }

  toEnd() {
    this.#atEnd = true;
    this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  #backToEnd() {
    this.toEnd();
    this.#rows().at(-1)?.focus({ preventScroll: true });
  }

  /** Where a message is: loaded, if need be. */
  async jumpTo(id) {
    for (let page = 0; page < SOUGHT_PAGES && !this.#shown.has(id) && this.#room.hasOlder; page++) {
      await this.#room.older();
      this.show();
    }
    const node = this.#shown.get(id)?.node;
    if (node !== undefined) {
      this.#atEnd = false;
      node.scrollIntoView({ block: "center" });
      node.focus({ preventScroll: true });
      node.classList.remove("sought");
      // Read, so that the same one can be pointed out twice.
      void node.offsetWidth;
      node.classList.add("sought");
    }
  }

  // --- What stands there ---

  /** Moves as little as can be: what stays where it is keeps its focus. */
  #put() {
    const rows = rowsOf({ messages: this.#room.messages, outbox: this.#room.outbox, line: this.#line, dayOf: this.#words.day });
    const kept = new Set(rows.map(({ key }) => key));
    for (const [key, { node }] of this.#shown) {
      if (!kept.has(key)) {
        node.remove();
        this.#shown.delete(key);
      }
    }
    let next = this.#log.firstChild;
    for (const row of rows) {
      const known = this.#shown.get(row.key);
      const node = known?.node ?? this.#make(row);
      if (row.kind === "message" && !(known && isSame(known.of, row.of))) {
        this.#refill(node, row);
      } else if (row.kind === "letter" && known && !isSame(known.of, row.of)) {
        const other = this.#make(row);
        next = node === next ? node.nextSibling : next;
        node.remove();
        this.#log.insertBefore(other, next);
        this.#shown.set(row.key, { node: other, of: row.of });
        continue;
      }
      if (node === next) {
        next = next.nextSibling;
      } else {
        this.#log.insertBefore(node, next);
      }
      this.#shown.set(row.key, { node, of: row.of });
    }
    this.#oneStop();
  }

  #make({ kind, of, message, letter }) {
    switch (kind) {
      case "day":
        return element("h3", { className: "day", part: "day", textContent: of[0] });
      case "unread":
        return element("p", { className: "unread", part: "unread", textContent: this.#words.say("unread") });
      case "letter":
        return this.#view.letter(letter);
      default:
        return this.#view.row(message);
    }
  }

  /** Who stood on one of its buttons stands there again. */
  #refill(row, { message, goesOn }) {
    const focused = row.getRootNode().activeElement;
    const within = focused !== null && focused !== row && row.contains(focused);
    const { emoji, do: tool } = focused?.dataset ?? {};
    const tools = row.querySelector(":scope > .tools");
    this.#view.fill(row, message, goesOn);
    if (tools !== null) {
      row.append(this.#toolsFor(message) ?? "");
    }
    if (within) {
      const again = [...row.querySelectorAll("button")].find(({ dataset }) => dataset.emoji === emoji && dataset.do === tool);
      (again ?? row).focus({ preventScroll: true });
    }
  }

  #showOlder() {
    const { hasOlder, gap, messages, state } = this.#room;
    const { say } = this.#words;
    if (state !== "ready") {
      return;
    }
    const more = hasOlder && messages.length > 0;
    const said = messages.length === 0 ? "empty" : gap ? "gap" : "first";
    this.#older.setAttribute("part", gap || this.#missed ? "older gap" : "older");
    const parts = this.#missed ? [element("span", { className: "break", textContent: say("missed") })] : [];
    parts.push(more ? element("button", { type: "button", textContent: say("older"), onclick: () => this.#loadOlder() }) : say(said));
    if (!(more && this.#older.querySelector("button") !== null && parts.length === this.#older.childNodes.length)) {
      this.#older.replaceChildren(...parts);
    }
  }

  async #loadOlder() {
    const first = this.#room.messages[0]?.id;
    const asked = this.#older.contains(this.#older.getRootNode().activeElement);
    await this.#room.older().catch(() => {});
    // The button goes where it leads.
    if (asked && !this.#older.querySelector("button")) {
      this.#shown.get(first)?.node.focus({ preventScroll: true });
    }
  }

  // --- Where one is ---

  #rows() {
    return [...this.#log.querySelectorAll("[data-id]")];
  }

  #key(event) {
    const { key, target } = event;
    const row = target.closest("[data-id]");
    if (target !== row && target !== this.#scroll) {
      return;
    }
    const rows = this.#rows();
    const at = rows.indexOf(row);
    const to = { ArrowUp: at < 0 ? rows.length - 1 : at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[key];
    if (to !== undefined && rows[to] !== undefined && !(row === null && key !== "ArrowUp")) {
      event.preventDefault();
      rows[to].focus();
    }
  }

  /** The one that is pointed at or has the focus gets the tools; where those are in use they stay. */
  #arm(row) {
    const tools = this.#log.querySelector(".tools");
    if (!row || tools?.parentNode === row || tools?.contains(tools.getRootNode().activeElement) || tools?.querySelector("[aria-expanded=true]")) {
      return;
    }
    tools?.remove();
    const message = this.#room.messages.find(({ id }) => id === row.dataset.id);
    const made = message && this.#toolsFor(message);
    if (made) {
      row.append(made);
    }
    if (row.matches(":focus, :focus-within")) {
      this.#rows().forEach((each) => (each.tabIndex = each === row ? 0 : -1));
    }
  }

  #oneStop() {
    const rows = this.#rows();
    if (rows.length > 0 && !rows.some(({ tabIndex }) => tabIndex === 0)) {
      rows.at(-1).tabIndex = 0;
    } else if (this.#atEnd && !this.#log.contains(this.#log.getRootNode().activeElement)) {
      rows.forEach((row, i) => (row.tabIndex = i === rows.length - 1 ? 0 : -1));
    }
  }

  // --- Where one reads ---

  /** The first message in sight, and where it is: there it shall stay. A day is no place: it grows. */
  #anchor() {
    const top = this.#scroll.scrollTop;
    const node = this.#rows().find((each) => each.offsetTop + each.offsetHeight > top);
    return node === undefined ? null : { node, top: node.offsetTop };
  }

  #followed() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroll;
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
    this.#latest.hidden = this.#atEnd;
    this.#read();
    this.#showFresh();
    if (scrollTop < NEAR_START_PX && !this.#atEnd && this.#room.hasOlder) {
      this.#loadOlder();
    }
  }

  #isRead() {
    return this.#atEnd && document.visibilityState === "visible";
  }

  #read() {
    if (this.#isRead() && this.#room.state === "ready") {
      this.#fresh = 0;
      this.#room.markRead();
    }
  }

  #showFresh() {
    const { say } = this.#words;
    const text = this.#fresh > 0 ? say("fresh", { n: this.#fresh }) : say("latest");
    if (this.#latest.dataset.says !== text) {
      this.#latest.dataset.says = text;
      this.#latest.replaceChildren(icon("down"), text);
    }
  }
}
