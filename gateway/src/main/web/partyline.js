// Partyline in a browser, or anywhere else where there is fetch: rooms that stay live.
//
//   const client = connect({ url: "https://chat.example.com", tokenProvider: () => fetchMyToken() });
//   const room = client.room("lobby");
//   room.on("change", () => show(room.messages, room.outbox));
//   room.send("hello");

import { Connection } from "./sdk/connection.js";
import { Emitter } from "./sdk/emitter.js";
import { Http } from "./sdk/http.js";
import { compareIds } from "./sdk/ids.js";
import { MyRooms } from "./sdk/my-rooms.js";
import { Problem } from "./sdk/problem.js";
import { Room } from "./sdk/room.js";
import { SharedLine } from "./sdk/shared-line.js";
import { Token } from "./sdk/token.js";
import { realWorld } from "./sdk/world.js";

export { compareIds, Problem };

/** See partyline.d.ts. */
export function connect(options = {}, world = realWorld()) {
  return new Client(options, world);
}

/**
 * One line to the server, shared by all rooms that are open, and by all tabs. Tells `status {state,
 * transport, node, error}`, `rooms` when those that one belongs to are others, and every event of a
 * room or of my inbox under its own type and as `event`.
 */
class Client {
  #world;
  #token;
  #http;
  #canShare;
  #of;
  #line;
  #started;
  #emitter = new Emitter();
  #rooms = new Map();
  #mine; // undefined where they are not followed
  #positions = new Map();
  #forget;

  constructor({ url = new URL(import.meta.url).origin, token, tokenProvider, ticketProvider, shared = true, follow }, world) {
    this.#world = world;
    this.#token = new Token({ token, tokenProvider }, world);
    this.#http = new Http([url].flat(), this.#token, world);
    // Whom a ticket speaks for nobody here can read, so it is shared with no other tab.
    this.#canShare = shared && ticketProvider === undefined && world.locks && world.BroadcastChannel;
    this.#of = { http: this.#http, url, token: this.#token, ticketProvider, world };
    this.#mine = follow ? new MyRooms({ http: this.#http, world, changed: () => this.#foundRooms() }) : undefined;
    this.#open();
    this.#forget = world.onWake(() => this.#wakeRooms());
  }

  #open() {
    const ours = (tell) => (told) => this.#line === line && tell(told);
    const of = {
      ...this.#of,
      hear: ours((frame) => this.#hear(frame)),
      tell: ours((status) => this.#emitter.emit("status", status)),
    };
    const line = (this.#line = this.#canShare ? new SharedLine(of) : new Connection(of));
    this.#started = this.#start(line);
  }

  async #start(line) {
    await (this.#canShare ? line.start() : void line.run());
    if (this.#mine !== undefined) {
      await this.#token.get().catch(() => {});
      this.#follow();
    }
  }

  get status() {
    return this.#line.status;
  }

  /** Those one belongs to; null before they are known. */
  get rooms() {
    return this.#mine?.all ?? null;
  }

  /** Who one is, by the token; null for nobody. */
  get user() {
    return this.#token.user;
  }

  on(type, listener) {
    return this.#emitter.on(type, listener);
  }

  /** Opens a room, or finds the one that is open. */
  room(name) {
    const known = this.#rooms.get(name);
    if (known !== undefined) {
      return known;
    }
    const room = new Room({
      name,
      http: this.#http,
      world: this.#world,
      self: () => this.user,
      known: () => this.#follow(),
      heard: (event) => this.#tell(event),
    });
    this.#rooms.set(name, room);
    room.on("change", ({ kind }) => kind === "read" && this.#mine?.read({ room: name, ...room.read }));
    this.#load(room);
    return room;
  }

  /** History is read once what happens meanwhile can be heard. */
  async #load(room) {
    await this.#started;
    room.load();
  }

  /** Listens to it no longer. */
  leave(name) {
    this.#rooms.get(name)?.close();
    this.#rooms.delete(name);
    this.#follow();
  }

  /** Those that anybody may know of, page by page: {rooms, next}. */
  openRooms(after) {
    return this.#http.send("GET", ["rooms"], { query: { scope: "open", after } });
  }

  /** The room of exactly these people and me: {room, user_ids}. */
  direct(...users) {
    return this.#http.send("POST", ["directs"], { body: { user_ids: users } });
  }

  /** Somebody logged in: the token is fetched anew, and the line goes on under it. */
  async renewToken() {
    this.#token.forget();
    const before = this.#line;
    this.#open();
    before.close();
    await this.#started;
    this.#follow();
    this.#wakeRooms();
  }

  /** Tries again at once what was refused, or waits. */
  wake() {
    this.#line.wake();
    this.#wakeRooms();
  }

  close() {
    this.#forget();
    this.#mine?.close();
    this.#line.close();
    [...this.#rooms.keys()].forEach((name) => this.leave(name));
  }

  #wakeRooms() {
    this.#rooms.forEach((room) => room.wake());
  }

  #foundRooms() {
    this.#follow();
    this.#emitter.emit("rooms", this.rooms);
  }

  /** A room joins the stream once its history is read: from the instant at which it was. */
  #follow() {
    const open = [...this.#rooms.values()].filter(({ cursor }) => cursor !== null);
    const wanted = Object.fromEntries(open.map(({ name, cursor }) => [name, cursor]));
    const mine = this.user === null ? undefined : this.#mine?.names;
    mine?.concat("@me").forEach((name) => (wanted[name] ??= null));
    this.#line.listenTo(wanted, mine);
  }

  #hear({ name, data }) {
    if (name === "reset") {
      data.rooms.forEach((room) => this.#rooms.get(room)?.reset(data.reason));
      this.#emitter.emit("reset", data);
    } else if (name === "ready") {
      data.refused.forEach(({ room, code }) => this.#rooms.get(room)?.refuse(new Problem(403, { code })));
      this.#rooms.forEach((room) => room.meet());
      if (this.user !== null) {
        this.#mine?.load();
      }
    } else if (this.#rooms.has(data.room)) {
      this.#rooms.get(data.room).take(data);
    } else if (this.#isOurs(data.room) && this.#isNew(data)) {
      this.#rooms.get(data.data.room)?.take(data.type === "read" ? data : {});
      this.#tell(data);
    }
  }

  /** Other tabs listen to other rooms. */
  #isOurs(room) {
    return room?.startsWith("@") || this.#mine?.names.includes(room);
  }

  /** Of an inbox, and of rooms that are not open, no history is read: they only go on. */
  #isNew({ id, room }) {
    const position = this.#positions.get(room);
    if (id === undefined || position === undefined || compareIds(id, position) > 0) {
      this.#positions.set(room, id ?? position);
      return true;
    }
    return false;
  }

  #tell(event) {
    this.#mine?.take(event);
    this.#emitter.emit(event.type, event);
    this.#emitter.emit("event", event);
  }
}
