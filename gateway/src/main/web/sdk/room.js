import { backoffMs, Rest } from "./backoff.js";
import { Emitter } from "./emitter.js";
import { History } from "./history.js";
import { compareIds } from "./ids.js";
import { Outbox } from "./outbox.js";
import { Problem } from "./problem.js";
import { Timeline } from "./timeline.js";

/** What may come while history is read; past it, history is read once more. */
const HELD = 2_000;

/**
 * One room: its messages as they stand, what is on its way there, and what can be done in it.
 *
 * Tells `change {kind, message?}` whenever what is to be seen is another (kind: `reset` everything,
 * `older` more at the beginning, `message` one that is new, `update` one that changed, `outbox`,
 * `state`), `event` for each event, each event under its own type too, and `reset {reason}` when some
 * were missed for good: what is there then was read anew.
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
  /** The id up to which everything is known; null before anything is. */
  position = null;

  #http;
  #world;
  #known;
  #heard;
  #emitter = new Emitter();
  #path;
  #timeline = new Timeline();
  #history;
  #outbox;
  #rest;
  #held = []; // events that came while history was read
  #loads = 0;
  #older = null;
  #closed = false;

  /**
   * @param known is told when {@link position} came or went
   * @param heard gets each event that was not known
   */
  constructor({ name, http, world, known, heard }) {
    this.name = name;
    this.#http = http;
    this.#world = world;
    this.#known = known;
    this.#heard = heard;
    this.#rest = new Rest(world);
    this.#path = "rooms/" + encodeURIComponent(name);
    this.#history = new History(http, name);
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

  // --- What people do ---

  /** @returns the message, once the server has it; until then it stands in {@link outbox} */
  send(draft) {
    const { text, data, mentions, reply_to, client_msg_id } = typeof draft === "string" ? { text: draft } : draft;
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
    return this.#http.send("PATCH", this.#message(id), { body: { text } });
  }

  /** Leaves a tombstone where it was. */
  delete(id) {
    return this.#http.send("DELETE", this.#message(id));
  }

  react(id, emoji) {
    return this.#http.send("PUT", this.#reaction(id, emoji));
  }

  unreact(id, emoji) {
    return this.#http.send("DELETE", this.#reaction(id, emoji));
  }

  pin(id) {
    return this.#http.send("PUT", this.#message(id) + "/pin");
  }

  unpin(id) {
    return this.#http.send("DELETE", this.#message(id) + "/pin");
  }

  #message(id) {
    return this.#path + "/messages/" + encodeURIComponent(id);
  }

  #reaction(id, emoji) {
    return this.#message(id) + "/reactions/" + encodeURIComponent(emoji);
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

  // --- What the client tells it ---

  /** Reads history, as often as it takes. */
  async load() {
    const load = ++this.#loads;
    this.#held = [];
    this.#become("loading");
    for (let failures = 0; load === this.#loads && !this.#closed; ) {
      try {
        const page = await this.#history.latest();
        if (load === this.#loads) {
          this.#begin(page);
        }
        return;
      } catch (error) {
        if (error instanceof Problem && !error.mayPass) {
          this.refuse(error);
          return;
        }
        const pauseMs = backoffMs(++failures, this.#world.random);
        await this.#rest.for(Math.max(pauseMs, error.retryAfterMs ?? 0));
      }
    }
  }

  #begin(page) {
    this.#timeline.replace(page);
    this.position = page.cursor;
    this.info = page.room;
    this.me = page.me;
    page.messages.forEach((message) => this.#outbox.heard(message));
    const held = this.#held;
    this.#held = [];
    this.#become("ready");
    this.#change("reset");
    held.forEach((event) => this.take(event));
    this.#known();
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
    }
    if (message !== undefined) {
      this.#change(event.type === "message.created" && !known ? "message" : "update", message);
    }
    this.#emitter.emit(event.type, event);
    this.#emitter.emit("event", event);
    this.#heard(event);
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
