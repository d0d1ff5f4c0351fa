import { insist, Rest } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { History } from "./history.js";
import { compareIds } from "./ids.js";
import { Outbox } from "./outbox.js";
import { Presence } from "./presence.js";
import { Timeline } from "./timeline.js";
import { Typing } from "./typing.js";

/** What may come while history is read; past it, history is read once more. */
const HELD = 2_000;
/** All who are in a room hear of a change at once, and need not all ask at once. */
const SPREAD_MS = 1_000;
const READ_AGAIN_MS = 1_000;

/**
 * One room: its messages as they stand, what is on its way there, who is in it, and what can be done
 * in it.
 *
 * Tells `change {kind, message?}` whenever what is to be seen is another (kind: `reset` everything,
 * `older` more at the beginning, `message` one that is new, `update` one that changed, `outbox`,
 * `state`, `presence`, `typing`, `read`), `event` for each event, each event under its own type too,
 * and `reset {reason}` when some were missed for good: what is there then was read anew.
 */
export class Room {
  name;
  /** `loading`, `ready`, or `refused` (see {@link problem}). */
  state = "loading";
  problem = null;
  /** Its settings as they are: {id, title, topic, access, …}; null before they are known. */
  info = null;
  /** What I am in it: {role, can: ["read", "post", …]}. */
  me = null;
  /** The pinned messages, in the order in which they were. */
  pins = [];
  /** How far I have read: {id, number}. */
  read = { id: "0-0", number: 0 };
  /** The id up to which everything is known; null before anything is. */
  position = null;
  /** Of several partitions: where a stream begins that tells all that came after its history was read. */
  #cursor;

  #http;
  #world;
  #self;
  #known;
  #heard;
  #emitter = new Emitter();
  #timeline = new Timeline();
  #presence = new Presence();
  #typing;
  #history;
  #outbox;
  #rest;
  #held = []; // events that came while history was read
  #loads = 0;
  #older = null;
  #closed = false;
  #soon = new Map(); // what is done in a moment, once -> its timer

  /**
   * @param self tells the id of who reads here, null for nobody
   * @param known is told when {@link position} came or went
   * @param heard gets each event that was not known
   */
  constructor({ name, http, world, self, known, heard }) {
    this.name = name;
    this.#http = http;
    this.#world = world;
    this.#self = self;
    this.#known = known;
    this.#heard = heard;
    this.#rest = new Rest(world);
    this.#history = new History(http, name);
    this.#typing = new Typing({
      world,
      changed: () => this.#change("typing"),
      say: () => this.#ask("POST", ["typing"]).catch(() => {}),
    });
    this.#outbox = new Outbox({
      room: name,
      http,
      world,
      history: this.#history,
      changed: (message) => this.#sent(message),
    });
  }

  on(type, listener) {
    return this.#emitter.on(type, listener);
  }

  get messages() {
    return this.#timeline.messages;
  }

  /** What is on its way, in the order it was written: {key, draft, status, problem, writtenAt}. */
  get outbox() {
    return this.#outbox.letters;
  }

  /** Whether messages that once stood before the first one are gone. */
  get gap() {
    return this.#timeline.gap;
  }

  /** Whether there is something to be loaded before the first one. */
  get hasOlder() {
    return !this.#timeline.complete;
  }

  /** Who is here: {count, users}; too many are only counted. */
  get presence() {
    return this.#presence;
  }

  /** Who else is writing. */
  get typing() {
    return this.#typing.people;
  }

  /** From where a stream goes on here; null as long as nothing is known. */
  get cursor() {
    return this.position && (this.#cursor || this.position);
  }

  get unread() {
    return Math.max(0, (this.#timeline.last ?? { number: this.info?.last_number ?? 0 }).number - this.read.number);
  }

  // --- What people do ---

  /** @returns the message, once the server has it; until then it stands in {@link outbox} */
  send(draft) {
    const { text, data, mentions, reply_to, client_msg_id } = typeof draft === "string" ? { text: draft } : draft;
    this.#typing.sent();
    return this.#outbox.send({ text, data, mentions, reply_to, client_msg_id }, this.#timeline.last?.id);
  }

  retry(key) {
    this.#outbox.retry(key);
  }

  discard(key) {
    this.#outbox.discard(key);
  }

  /** Each of these is told to all by an event, and to who asked by the promise. */
  edit(id, text) {
    return this.#ask("PATCH", ["messages", id], { text });
  }

  /** Leaves a tombstone where it was. */
  delete(id) {
    return this.#ask("DELETE", ["messages", id]);
  }

  react(id, emoji) {
    return this.#ask("PUT", ["messages", id, "reactions", emoji]);
  }

  unreact(id, emoji) {
    return this.#ask("DELETE", ["messages", id, "reactions", emoji]);
  }

  pin(id) {
    return this.#ask("PUT", ["messages", id, "pin"]);
  }

  unpin(id) {
    return this.#ask("DELETE", ["messages", id, "pin"]);
  }

  /** Makes it, or sets all of it anew. */
  create(settings = {}) {
    return this.#ask("PUT", [], settings);
  }

  /** Changes what is named. */
  change(settings) {
    return this.#ask("PATCH", [], settings);
  }

  destroy() {
    return this.#ask("DELETE", []);
  }

  join() {
    return this.#ask("PUT", ["members", "me"]);
  }

  quit() {
    return this.#ask("DELETE", ["members", "me"]);
  }

  setMember(user, role) {
    return this.#ask("PUT", ["members", user], { role });
  }

  kick(user) {
    return this.#ask("DELETE", ["members", user]);
  }

  ban(user, { duration_s, reason } = {}) {
    return this.#ask("PUT", ["bans", user], { duration_s, reason });
  }

  unban(user) {
    return this.#ask("DELETE", ["bans", user]);
  }

  mute(user, { duration_s, reason } = {}) {
    return this.#ask("PUT", ["mutes", user], { duration_s, reason });
  }

  unmute(user) {
    return this.#ask("DELETE", ["mutes", user]);
  }

  /** To those who moderate. */
  report(id, reason) {
    return this.#ask("POST", ["messages", id, "reports"], { reason });
  }

  /** An event of the site's own, for who has the right to. */
  emit(type, data, durable) {
    return this.#ask("POST", ["events"], { type, data, durable });
  }

  /** To be called with every key: says that I write, now and then. */
  type() {
    this.#typing.say();
  }

  /** I have read up to here; what guests have read only this page knows. */
  markRead(message = this.#timeline.last) {
    if (message?.number > this.read.number) {
      this.take({ type: "read", data: message });
      if (this.#self() !== null && this.me.role !== "guest") {
        this.#once("read", READ_AGAIN_MS, () => this.#ask("PUT", ["read"], { id: this.read.id }));
      }
    }
  }

  /** A message as it stands, loaded or not. */
  async find(id) {
    return this.#timeline.find(id) ?? this.#ask("GET", ["messages", id]);
  }

  /** Loads the page before the first message. All who ask meanwhile wait for the same. */
  older() {
    this.#older ??= this.#loadOlder().finally(() => (this.#older = null));
    return this.#older;
  }

  async #loadOlder() {
    const loads = this.#loads;
    const first = this.messages[0];
    if (first === undefined || !this.hasOlder) {
      return;
    }
    const page = await this.#history.before(first.id);
    if (loads === this.#loads) {
      this.#timeline.prepend(page);
      this.#change("older");
    }
  }

  #ask(method, path, body) {
    return this.#http.send(method, ["rooms", this.name, ...path], { body });
  }

  // --- What the client tells it ---

  /** Reads history, as often as it takes. */
  async load() {
    const load = ++this.#loads;
    const isWanted = () => load === this.#loads && !this.#closed;
    this.#held = [];
    this.#become("loading");
    try {
      const page = await insist(() => this.#history.latest(), this.#rest, this.#world, isWanted);
      if (isWanted()) {
        this.#begin(page);
      }
    } catch (problem) {
      if (isWanted()) {
        this.refuse(problem);
      }
    }
  }

  #begin(page) {
    this.#timeline.replace(page);
    // With one partition both are the same.
    this.position = page.position ?? page.cursor;
    this.#cursor = page.position && page.cursor;
    this.pins = page.pins;
    // A node of the version before does not say it.
    if (page.presence !== undefined) {
      this.#presence.replace(page.presence);
    }
    this.#stand(page);
    page.messages.forEach((message) => this.#outbox.heard(message));
    const held = this.#held;
    this.#held = [];
    this.#become("ready");
    this.#change("reset");
    held.forEach((event) => this.take(event));
    this.#known();
  }

  #stand({ room, me }) {
    this.info = room;
    this.me = me;
    // Who logs in as another has read another part of it.
    this.read = me.read ?? this.read;
  }

  /** Something happened here, told by a stream; it may have been told before. */
  take(event) {
    if (this.state !== "ready") {
      this.#hold(event);
      return;
    }
    if (event.id !== undefined) {
      if (compareIds(event.id, this.position) <= 0) {
        return;
      }
      this.position = event.id;
    }
    const known = event.type === "message.created" && this.#timeline.find(event.id) !== undefined;
    const message = this.#timeline.take(event);
    if (event.type === "message.created") {
      this.#outbox.heard(message);
      this.#typing.end(message.by.id);
    }
    this.#take(event);
    if (message !== undefined) {
      this.#change(event.type === "message.created" && !known ? "message" : "update", message);
    }
    this.#emitter.emit(event.type, event);
    this.#emitter.emit("event", event);
    this.#heard(event);
  }

  /** What is no message. */
  #take({ type, by, data }) {
    if (type === "typing" && by.id !== this.#self()) {
      this.#typing.hear(by, data.expires_in_s * 1_000);
    } else if (type === "presence") {
      if (this.#presence.take(data)) {
        this.#change("presence");
      } else {
        this.meet();
      }
    } else if (type === "read" && data.number > this.read.number) {
      this.read = { id: data.id, number: data.number };
      this.#change("read");
    } else if (/^message\.|^reaction/.test(type)) {
      this.#foldPins(type, data.message_id ?? data.message.id);
    } else if (/^room|^member|^user/.test(type)) {
      this.info = { ...this.info, ...data.room };
      const whom = data.user_id ?? data.member?.id;
      if (whom === undefined || whom === this.#self()) {
        this.#once("stand", SPREAD_MS, async () => {
          this.#stand(await this.#http.send("GET", ["rooms", this.name, "snapshot"], { query: { messages: 0 } }));
          this.#change("state");
        });
      }
      this.#change("state");
    }
  }

  async #foldPins(type, id) {
    const at = this.pins.findIndex((pin) => pin.id === id);
    if (type === "message.pinned" && at < 0) {
      const message = await this.find(id).catch(() => undefined);
      this.pins = [...this.pins, ...(message === undefined ? [] : [{ ...message, pinned: true }])];
    } else if (at >= 0) {
      const gone = type === "message.unpinned" || type === "message.deleted";
      const now = gone ? [] : [this.#timeline.find(id) ?? this.pins[at]];
      this.pins = [...this.pins.slice(0, at), ...now, ...this.pins.slice(at + 1)];
    } else {
      return;
    }
    this.#change("update");
  }

  /** Reads who is here, in a moment. */
  meet() {
    this.#once("meet", SPREAD_MS * this.#world.random(), async () => {
      this.#presence.replace(await this.#ask("GET", ["presence"]));
      this.#change("presence");
    });
  }

  /** What fails here is done again with the next reason for it. */
  #once(what, ms, run) {
    if (!this.#soon.has(what) && !this.#closed) {
      const timer = this.#world.setTimeout(() => {
        this.#soon.delete(what);
        run().catch(() => {});
      }, ms);
      this.#soon.set(what, timer);
    }
  }

  #hold(event) {
    this.#held.push(event);
    if (this.#held.length > HELD) {
      this.load();
    }
  }

  /** Some events can't be told: everything is read anew. */
  reset(reason) {
    this.#emitter.emit("reset", { reason });
    this.load();
  }

  refuse(problem) {
    this.#loads++;
    this.#held = [];
    this.position = null;
    this.problem = problem;
    this.#become("refused");
    this.#known();
  }

  wake() {
    this.#rest.end();
    this.#outbox.wake();
    if (this.state === "refused") {
      this.load();
    }
  }

  close() {
    this.#closed = true;
    this.#rest.end();
    this.#typing.close();
    this.#soon.forEach((timer) => this.#world.clearTimeout(timer));
  }

  /** @param message that was answered, undefined where only a letter changed */
  #sent(message) {
    if (message?.number !== undefined && this.#timeline.find(message.id) === undefined) {
      this.#timeline.put(message);
      this.#change("message", message);
    }
    this.#change("outbox");
  }

  #become(state) {
    this.state = state;
    this.problem = state === "refused" ? this.problem : null;
    this.#change("state");
  }

  #change(kind, message) {
    this.#emitter.emit("change", { kind, message });
  }
}
