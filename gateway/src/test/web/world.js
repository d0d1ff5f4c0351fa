// A world whose clock is moved by hand, with a small but true Partyline node in it: one log, rooms,
// streams that stay open, polls that wait.

import { setImmediate } from "node:timers/promises";

export class ManualWorld {
  time = 1_700_000_000_000;
  online = true;
  randomness = 0.5;
  requests = []; // {method, path, query, headers, body}, in the order they came
  EventSource = undefined;
  #timers = [];
  #wakers = new Set();
  #answer;

  /** @param answer what fetch does: (request) => Response, or a promise of one that may never come */
  constructor(answer) {
    this.#answer = answer;
  }

  now = () => this.time;
  random = () => this.randomness;
  isOnline = () => this.online;

  setTimeout = (run, ms) => {
    const timer = { run, at: this.time + ms };
    this.#timers.push(timer);
    return timer;
  };

  clearTimeout = (timer) => {
    this.#timers = this.#timers.filter((each) => each !== timer);
  };

  onWake = (listener) => {
    this.#wakers.add(listener);
    return () => this.#wakers.delete(listener);
  };

  fetch = (url, { method = "GET", headers = {}, body, signal } = {}) => {
    const request = {
      method,
      origin: url.origin,
      path: decodeURIComponent(url.pathname),
      query: Object.fromEntries(url.searchParams),
      headers,
      body: body === undefined ? undefined : JSON.parse(body),
      signal,
    };
    this.requests.push(request);
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(new DOMException("left", "AbortError")));
      Promise.resolve(this.#answer(request)).then(resolve, reject);
    });
  };

  wake() {
    this.#wakers.forEach((waker) => waker());
    return this.settle();
  }

  /** Until everything that needs no more time has happened. */
  async settle() {
    for (let turn = 0; turn < 30; turn++) {
      await setImmediate();
    }
  }

  /** Lets time pass; each timer runs at its own moment. */
  async advance(ms) {
    const until = this.time + ms;
    await this.settle();
    for (let next; (next = this.#due(until)) !== undefined; ) {
      this.time = next.at;
      this.clearTimeout(next);
      next.run();
      await this.settle();
    }
    this.time = until;
  }

  /** A machine that sleeps: its clock goes on, nothing runs. */
  sleep(ms) {
    this.time += ms;
  }

  get timers() {
    return this.#timers.length;
  }

  #due(until) {
    return this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  }

  asked(method, path) {
    return this.requests.filter((each) => each.method === method && each.path === path);
  }
}

export class Node {
  log = []; // events of all rooms
  streams = new Set();
  name = "gw-1";
  heartbeatS = 17;
  buffers = false; // a proxy in between that hands on nothing before the end
  down = false; // nobody answers
  frozen = false; // takes connections, says nothing
  trimmed = "0-0"; // up to here events are gone
  kept = "0-0"; // from here on messages are kept
  users = new Map([["token-of-ada", { id: "ada", name: "Ada", kind: "member" }]]);
  refuse = () => null; // (request) => Response for what is to be refused
  orders = []; // what was asked for and is done elsewhere
  role = "member";
  can = ["read", "post"];
  pins = [];
  found = null; // a message that only an address of its own leads to
  present = { version: 0, count: 0, users: [] };
  mine = []; // the rooms of who asks
  #keys = new Map();
  #polls = new Set();
  #number = 0;
  #at = 1_700_000_000_000;

  answer = (request) => {
    if (this.down) {
      throw new TypeError("connection refused");
    }
    if (this.frozen) {
      return new Promise(() => {});
    }
    const refused = this.refuse(request);
    if (refused !== null) {
      return refused;
    }
    const [, , resource, room, what, id] = request.path.split("/");
    if (resource === "events") {
      return "wait" in request.query ? this.#poll(request) : this.#stream(request);
    }
    if (resource === "rooms" && what === "messages" && id === undefined) {
      return request.method === "POST" ? this.#post(room, request) : this.#history(room, request);
    }
    if (resource === "rooms" && room === undefined) {
      return json(200, { rooms: this.mine });
    }
    if (what === "presence") {
      return json(200, this.present);
    }
    if (what === "messages" && request.method === "GET") {
      return this.found === null ? problem(404, "not-found") : json(200, this.found);
    }
    if (resource === "rooms" && what === "snapshot") {
      return this.#snapshot(room);
    }
    this.orders.push([request.method, request.path, request.body]);
    return new Response(null, { status: 204 });
  };

  // --- What happens on it ---

  say(room, text, more = {}) {
    const by = { id: "bob", name: "Bob", kind: "member" };
    const id = this.#id();
    const message = { id, number: ++this.#number, room, at: "2026-03-01T12:00:00Z", kind: "user", by, text, mentions: [], ...more };
    this.tell({ id, type: "message.created", room, at: message.at, by: message.by, data: { message } });
    return message;
  }

  happen(room, type, data) {
    const id = this.#id();
    this.tell({ id, type, room, at: "2026-03-01T12:00:00Z", by: { id: "bob", name: "Bob" }, data });
  }

  tell(event) {
    this.log.push(event);
    this.streams.forEach((stream) => stream.hears(event) && stream.event(event));
    this.#polls.forEach((poll) => poll.hears(event) && poll.answer());
  }

  /** Ends all streams, saying so. */
  bye(reason, retryMs) {
    this.streams.forEach((stream) => {
      stream.frame("bye", null, { reason, retry_ms: retryMs });
      stream.end();
    });
  }

  /** Killed: connections break, nothing is said. */
  kill() {
    this.down = true;
    this.streams.forEach((stream) => stream.break());
    this.#polls.forEach((poll) => poll.break());
  }

  heartbeat() {
    this.streams.forEach((stream) => stream.text(":\n"));
  }

  get head() {
    return this.log.at(-1)?.id ?? "1-0";
  }

  #id() {
    this.#at += 10;
    return this.#at + "-0";
  }

  // --- What it answers ---

  /** Without a name, those of who asks; `@me` is Ada, whoever it is. */
  #roomsOf({ rooms }) {
    const named = rooms?.split(",") ?? ["@me", ...this.mine.map(({ id }) => id)];
    return named.map((room) => (room === "@me" ? "@ada" : room));
  }

  #stream({ query, headers, signal }) {
    const rooms = this.#roomsOf(query);
    const cursor = headers["Last-Event-ID"] ?? query.lastEventId ?? null;
    const stream = new Stream(rooms, () => this.streams.delete(stream));
    signal.addEventListener("abort", () => stream.end());
    if (this.buffers) {
      return new Promise(() => {});
    }
    this.streams.add(stream);
    stream.text("retry: 2000\n");
    stream.frame("hello", null, { node: this.name, time: "2026-03-01T12:00:00Z", heartbeat_s: this.heartbeatS });
    const missed = this.#after(cursor, rooms);
    if (cursor !== null && isBefore(cursor, this.trimmed)) {
      stream.frame("reset", this.head, { rooms, reason: "trimmed", oldest: null });
    } else {
      missed.forEach((event) => stream.event(event));
    }
    const data = { resumed: cursor !== null, replayed: missed.length, rooms, refused: [] };
    stream.frame("ready", this.head, data);
    return stream.response;
  }

  #poll({ query, signal }) {
    const rooms = this.#roomsOf(query);
    const answer = () => json(200, { cursor: this.head, events: this.#after(query.since ?? null, rooms) });
    if (query.wait === "0" || query.since === undefined || this.#after(query.since, rooms).length > 0) {
      return answer();
    }
    return new Promise((resolve, reject) => {
      const end = (how) => {
        this.#polls.delete(poll);
        how();
      };
      const poll = {
        hears: ({ room }) => rooms.includes(room),
        answer: () => end(() => resolve(answer())),
        break: () => end(() => reject(new TypeError("reset"))),
      };
      this.#polls.add(poll);
      signal.addEventListener("abort", () => this.#polls.delete(poll));
    });
  }

  #after(cursor, rooms) {
    return cursor === null
      ? []
      : this.log.filter(({ id, room }) => isBefore(cursor, id) && rooms.includes(room));
  }

  #post(room, { headers, body }) {
    const by = this.users.get((headers.Authorization ?? "").replace("Bearer ", ""));
    if (by === undefined) {
      return problem(401, "unauthenticated");
    }
    const known = this.#keys.get(body.client_msg_id);
    if (known !== undefined) {
      return json(200, known);
    }
    const message = this.say(room, body.text, { ...body, by });
    this.#keys.set(body.client_msg_id, message);
    return json(201, message);
  }

  #snapshot(room) {
    const messages = this.#said(room);
    return json(200, {
      room: { id: room, title: "", last_number: messages.at(-1)?.number ?? 0 },
      me: { role: this.role, can: this.can },
      messages: messages.filter(({ id }) => !isBefore(id, this.kept)).slice(-50),
      pins: this.pins,
      presence: this.present,
      cursor: this.head,
    });
  }

  #said(room) {
    return this.log
      .filter((event) => event.room === room && event.type === "message.created")
      .map(({ data }) => data.message);
  }

  forgetKeys() {
    this.#keys.clear();
  }

  #history(room, { query }) {
    const limit = Number(query.limit ?? 50);
    const all = this.#said(room);
    if (query.after !== undefined) {
      return json(200, { messages: all.filter(({ id }) => isBefore(query.after, id)).slice(0, limit), gap: false });
    }
    const before = all.filter(({ id }) => query.before === undefined || isBefore(id, query.before));
    return json(200, { messages: before.slice(-limit), gap: false });
  }
}

class Stream {
  #controller;
  #ended;

  constructor(rooms, ended) {
    this.rooms = rooms;
    this.#ended = ended;
    const body = new ReadableStream({ start: (controller) => (this.#controller = controller) });
    this.response = new Response(body, { headers: { "Content-Type": "text/event-stream; charset=utf-8" } });
  }

  hears({ room }) {
    return this.rooms.includes(room);
  }

  event(event) {
    this.text("id: " + event.id + "\ndata: " + JSON.stringify(event) + "\n\n");
  }

  frame(name, id, data) {
    this.text("event: " + name + "\n" + (id === null ? "" : "id: " + id + "\n") + "data: " + JSON.stringify(data) + "\n\n");
  }

  text(text) {
    this.#controller.enqueue(new TextEncoder().encode(text));
  }

  end() {
    this.#over(() => this.#controller.close());
  }

  break() {
    this.#over(() => this.#controller.error(new TypeError("reset")));
  }

  #over(how) {
    this.#ended();
    try {
      how();
    } catch {
      // It was over before.
    }
  }
}

function isBefore(a, b) {
  const [x, y] = [a, b].map((id) => id.split("-").map(Number));
  return x[0] - y[0] < 0 || (x[0] === y[0] && x[1] < y[1]);
}

export function json(status, body, headers = {}) {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

export function problem(status, code, headers = {}) {
  return json(status, { title: code, status, code, detail: "because of " + code }, headers);
}

/** A token as sites sign them, for tests that never verify it. */
export function tokenOf(sub, lifeS, now) {
  const part = (object) => Buffer.from(JSON.stringify(object)).toString("base64url");
  const iat = Math.floor(now / 1_000);
  return [part({ alg: "HS256" }), part({ sub, iat, exp: iat + lifeS }), "signature"].join(".");
}
