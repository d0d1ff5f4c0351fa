const SAID_EVERY_MS = 3_000;

/** Who writes just now. What is told of it ends by itself, or with the message. */
export class Typing {
  #world;
  #changed;
  #say;
  #others = new Map(); // id -> {by, timer}
  #saidAt = -Infinity;

  /** @param say tells the others that I do */
  constructor({ world, changed, say }) {
    this.#world = world;
    this.#changed = changed;
    this.#say = say;
  }

  get people() {
    return [...this.#others.values()].map(({ by }) => by);
  }

  hear(by, expiresMs) {
    this.#world.clearTimeout(this.#others.get(by.id)?.timer);
    const timer = this.#world.setTimeout(() => this.end(by.id), expiresMs);
    this.#others.set(by.id, { by, timer });
    this.#changed();
  }

  end(id) {
    this.#world.clearTimeout(this.#others.get(id)?.timer);
    if (this.#others.delete(id)) {
      this.#changed();
    }
  }

  /** I do: to be called with every key, said every three seconds. */
  say() {
    if (this.#world.now() - this.#saidAt >= SAID_EVERY_MS) {
      this.#saidAt = this.#world.now();
      this.#say();
    }
  }

  /** It was sent: the next key is another message's. */
  sent() {
    this.#saidAt = -Infinity;
  }

  close() {
    [...this.#others.keys()].forEach((id) => this.end(id));
  }
}
