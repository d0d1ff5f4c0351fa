import { insist, Rest } from "./backoff.js";

/**
 * The rooms one belongs to, with what is unread in each: read when a stream begins, and kept by what
 * it tells. All of it is folded by number, so telling it twice does no harm.
 */
export class MyRooms {
  /** Null before they are known. */
  all = null;
  #http;
  #world;
  #changed;
  #rest;
  #loads = 0;

  constructor({ http, world, changed }) {
    this.#http = http;
    this.#world = world;
    this.#changed = changed;
    this.#rest = new Rest(world);
  }

  get names() {
    return (this.all ?? []).map(({ id }) => id);
  }

  async load() {
    const load = ++this.#loads;
    this.#rest.end();
    const ask = () => this.#http.send("GET", ["rooms"]);
    // Who may not ask has none.
    const answer = await insist(ask, this.#rest, this.#world, () => load === this.#loads).catch(() => ({ rooms: [] }));
    if (load === this.#loads) {
      this.all = answer.rooms;
      this.#changed();
    }
  }

  take({ type, room, data }) {
    if (type === "room.added" || type === "room.removed") {
      this.load();
    } else if (type === "message.created") {
      const { number, id } = data.message;
      this.#change(room, (known) => number > known.last_number && { last_number: number, last_id: id });
    } else if (type === "read") {
      this.read(data);
    } else if (type === "room.updated") {
      this.#change(room, () => ({ title: data.room.title, access: data.room.access }));
    }
  }

  /** I have read on, here or elsewhere. */
  read({ room, id, number }) {
    this.#change(room, ({ read }) => number > read.number && { read: { id, number } });
  }

  close() {
    this.#loads++;
    this.#rest.end();
  }

  #change(name, how) {
    const known = this.all?.find(({ id }) => id === name);
    const change = known && how(known);
    if (change) {
      const changed = { ...known, ...change };
      changed.unread = Math.max(0, changed.last_number - changed.read.number);
      this.all = this.all.map((each) => (each === known ? changed : each));
      this.#changed();
    }
  }
}
