// One browser with several tabs: their worlds share a clock, locks and channels.

import { ManualWorld } from "./world.js";

export class Browser {
  #answer;
  #channels = new Set();
  #held = []; // {name, tab}
  #pending = []; // {name, tab, grant}
  tabs = [];

  constructor(answer) {
    this.#answer = answer;
  }

  /** @returns the world of another tab */
  open() {
    const tab = new ManualWorld(this.#answer);
    tab.locks = this.#locks(tab);
    tab.BroadcastChannel = this.#channel(tab);
    this.tabs.push(tab);
    return tab;
  }

  /** Gone without a word: nothing of it runs any more, and its locks are let go. */
  async crash(tab) {
    this.tabs = this.tabs.filter((each) => each !== tab);
    tab.requests.forEach(({ signal }) => signal?.dispatchEvent(new Event("abort")));
    this.#channels.forEach((channel) => channel.tab === tab && this.#channels.delete(channel));
    this.#pending = this.#pending.filter((request) => request.tab !== tab);
    this.#held.filter((lock) => lock.tab === tab).forEach((lock) => this.#release(lock));
    await this.settle();
  }

  settle() {
    return this.tabs[0].settle();
  }

  async advance(ms) {
    for (const tab of this.tabs) {
      await tab.advance(ms);
    }
  }

  #locks(tab) {
    return {
      request: (name, { signal }, during) =>
        new Promise((resolve, reject) => {
          signal.addEventListener("abort", () => {
            this.#pending = this.#pending.filter((request) => request.grant !== grant);
            reject(new DOMException("left", "AbortError"));
          });
          const grant = async (lock) => {
            resolve(await during());
            this.#release(lock);
          };
          this.#pending.push({ name, tab, grant });
          this.#grantNext(name);
        }),
      query: async () => ({ held: this.#held.map(named), pending: this.#pending.map(named) }),
    };
  }

  #release(lock) {
    this.#held = this.#held.filter((each) => each !== lock);
    this.#grantNext(lock.name);
  }

  #grantNext(name) {
    const next = this.#pending.find((request) => request.name === name);
    if (next !== undefined && !this.#held.some((lock) => lock.name === name)) {
      this.#pending = this.#pending.filter((request) => request !== next);
      const lock = { name, tab: next.tab };
      this.#held.push(lock);
      queueMicrotask(() => next.grant(lock));
    }
  }

  #channel(tab) {
    const channels = this.#channels;
    return class {
      tab = tab;
      onmessage = () => {};

      constructor(name) {
        this.name = name;
        channels.add(this);
      }

      postMessage(data) {
        // As the standard has it: what can't be cloned is refused, and who sends does not hear it.
        const copy = structuredClone(data);
        for (const channel of channels) {
          if (channel !== this && channel.name === this.name) {
            queueMicrotask(() => channels.has(channel) && channel.onmessage({ data: structuredClone(copy) }));
          }
        }
      }

      close() {
        channels.delete(this);
      }
    };
  }
}

function named({ name }) {
  return { name };
}
