import { backoffMs, Rest } from "./backoff.js";
import { randomKey } from "./ids.js";
import { Problem } from "./problem.js";

/** The server knows a key for an hour; some of it is left to the request that is on its way. */
const KEY_LIVES_MS = 55 * 60_000;

/**
 * What is to be said in one room: one after the other, each again and again under its one key until
 * it is answered, which makes it one message however often it arrives.
 *
 * A letter is `sending`, `failed` (refused; `problem` says why) or `unsure`: it was tried so long ago
 * that the server may have forgotten its key, and history does not have it. A person decides then
 * between {@link retry} and {@link discard}.
 */
export class Outbox {
  #room;
  #http;
  #history;
  #world;
  #changed;
  #rest;
  #letters = [];
  #busy = false;

  /** @param changed is told when a letter came, changed or went */
  constructor({ room, http, history, world, changed }) {
    this.#room = room;
    this.#http = http;
    this.#history = history;
    this.#world = world;
    this.#changed = changed;
    this.#rest = new Rest(world);
  }

  get letters() {
    return this.#letters;
  }

  /**
   * @param lastId of the last message that was there before
   * @returns {Promise} the message, once the server has it
   */
  send(draft, lastId) {
    const letter = {
      key: draft.client_msg_id ?? randomKey(),
      draft,
      status: "sending",
      problem: null,
      writtenAt: this.#world.now(),
      lastId: lastId ?? "0-0",
      triedAt: null,
    };
    letter.sent = new Promise((resolve, reject) => Object.assign(letter, { resolve, reject }));
    // Who does not look at the promise looks at the status.
    letter.sent.catch(() => {});
    this.#letters = [...this.#letters, letter];
    this.#changed();
    this.#deliverAll();
    return letter.sent;
  }

  /** The stream tells of a message: it may be one of ours, told before it was answered. */
  heard(message) {
    const letter = this.#letters.find(({ key }) => key === message.client_msg_id);
    if (letter !== undefined) {
      this.#done(letter, message);
    }
  }

  /** Once more, under the same key. */
  retry(key) {
    const letter = this.#letters.find((each) => each.key === key);
    if (letter !== undefined && letter.status !== "sending") {
      Object.assign(letter, { status: "sending", problem: null, triedAt: null });
      this.#changed();
      this.#deliverAll();
    }
  }

  /** Not at all, if it is not there already. */
  discard(key) {
    this.#letters = this.#letters.filter((letter) => letter.key !== key);
    this.#rest.end();
    this.#changed();
  }

  /** It makes no sense to wait any longer. */
  wake() {
    this.#rest.end();
  }

  async #deliverAll() {
    if (this.#busy) {
      return;
    }
    this.#busy = true;
    for (let letter; (letter = this.#letters.find(({ status }) => status === "sending")); ) {
      await this.#deliver(letter);
    }
    this.#busy = false;
  }

  async #deliver(letter) {
    for (let failures = 0; this.#isOpen(letter); ) {
      try {
        if (letter.triedAt !== null && this.#world.now() - letter.triedAt > KEY_LIVES_MS) {
          this.#lookedUp(letter, await this.#history.find(letter.key, letter.lastId));
        } else {
          letter.triedAt ??= this.#world.now();
          this.#done(letter, await this.#post(letter));
        }
      } catch (error) {
        if (error instanceof Problem && !error.mayPass) {
          this.#failed(letter, "failed", error);
        } else {
          const pauseMs = backoffMs(++failures, this.#world.random);
          await this.#rest.for(Math.max(pauseMs, error.retryAfterMs ?? 0));
        }
      }
    }
  }

  #post({ key, draft }) {
    return this.#http.send("POST", ["rooms", this.#room, "messages"], { body: { ...draft, client_msg_id: key } });
  }

  #lookedUp(letter, message) {
    if (message === undefined) {
      const detail = "Whether this arrived is not known any more.";
      this.#failed(letter, "unsure", new Problem(0, { code: "unsure", detail }));
    } else {
      this.#done(letter, message);
    }
  }

  #isOpen(letter) {
    return letter.status === "sending" && this.#letters.includes(letter);
  }

  #done(letter, message) {
    if (this.#letters.includes(letter)) {
      this.#letters = this.#letters.filter((each) => each !== letter);
      letter.resolve(message);
      this.#rest.end();
      this.#changed(message);
    }
  }

  #failed(letter, status, problem) {
    Object.assign(letter, { status, problem });
    letter.reject(problem);
    this.#changed();
  }
}
