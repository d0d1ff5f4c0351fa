import { backoffMs, Rest } from "./backoff.js";
import { listenByEventSource } from "./event-source.js";
import { listenByFetch } from "./fetch-stream.js";
import { smallest } from "./ids.js";
import { listenByPolls } from "./poll.js";
import { Problem } from "./problem.js";

/** A stream that lived so long was no failure, whatever ended it. */
const LONG_LIFE_MS = 5_000;
/** Heartbeats come every 20 s at the latest. */
const STALE_MS = 30_000;
const STREAM_AGAIN_MS = 60_000;
const STREAM_AGAIN_LONGEST_MS = 600_000;
const INBOX = "@me";
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const TRANSPORTS = { sse: listenByFetch, eventsource: listenByEventSource, poll: listenByPolls };

/**
 * The one line to the server: listens to some rooms from a cursor on, and comes back with it after
 * whatever ended it, on whichever node answers.
 *
 * `connecting → live → (reconnecting | offline → live)* → refused | closed`. Offline is said only
 * where the browser is sure; refused is what no retry mends, and waits for {@link wake}.
 *
 * A cursor speaks for the rooms that it was earned with. A room that comes later brings one of its
 * own, and the line goes on from the smallest: what is told twice then, who hears it drops by its id.
 */
export class Connection {
  cursor = null;
  rooms = [];
  #cursors = {}; // those it was told to listen from
  #asked = null; // the rooms as the server is asked for them; undefined: mine
  status = { state: "connecting", transport: null, node: null, error: null };

  #http;
  #token;
  #ticketProvider;
  #world;
  #hear;
  #tell;
  #rest;
  #attempt = new AbortController();
  #closed = false;
  #wasLive = false;
  #quietly = false; // we left a good line for another one: nothing is lost that were worth a word
  #failures = 0;
  #retryMs; // what the server last asked for
  #readyAt = Infinity;
  #heardAt = 0;
  #tokenRefused = false;
  #cursorRefused = false;
  #usedToken;
  #transport = null;
  #node = null;
  #address;
  #polls = false;
  #streamAgainMs = STREAM_AGAIN_MS;

  /**
   * @param hear gets every frame but `bye`; see fetch-stream.js
   * @param tell gets {@link status} whenever it has changed
   */
  constructor({ http, token, ticketProvider, world, hear, tell }) {
    this.#http = http;
    this.#token = token;
    this.#ticketProvider = ticketProvider;
    this.#world = world;
    this.#hear = hear;
    this.#tell = tell;
    this.#rest = new Rest(world);
  }

  /** Until {@link close}; to be called once. */
  async run() {
    const forget = this.#world.onWake(() => this.wake());
    while (!this.#closed) {
      if (this.rooms.length === 0) {
        await this.#rest.for(Infinity);
      } else if (!this.#world.isOnline()) {
        this.#say({ state: "offline", transport: null, node: null });
        await this.#rest.for(STALE_MS);
      } else {
        await this.#once();
      }
    }
    forget();
    this.#say({ state: "closed", transport: null, node: null });
  }

  /**
   * @param {Object<string, string | null>} rooms each with the cursor that it is known up to, which
   *     counts for those that had none so far; `@me` among them is one's inbox
   * @param {string[]} mine those that one belongs to. With the inbox and none but these, none is
   *     named: the server then follows who comes to belong to others.
   */
  listenTo(rooms, mine = []) {
    const names = Object.keys(rooms).sort();
    const follows = names.includes(INBOX) && names.every((name) => name === INBOX || mine.includes(name));
    const asked = follows ? undefined : names.join(",");
    const fresh = names.filter((name) => (this.#cursors[name] ?? null) === null);
    const known = this.rooms.length === 0 ? null : this.cursor;
    const cursor = smallest([known, ...fresh.map((name) => rooms[name])]);
    const goesOn = asked === this.#asked && cursor === this.cursor;
    this.rooms = names;
    this.cursor = cursor;
    this.#asked = asked;
    this.#cursors = rooms;
    if (!goesOn) {
      this.#quietly = true;
      this.#reopen();
    }
  }

  /** Something has changed: no waiting any longer, and no trust in a line that may have slept. */
  wake() {
    const sure = this.#world.isOnline() && this.#world.now() - this.#heardAt < STALE_MS;
    if (this.status.state !== "live" || !sure) {
      this.#failures = 0;
      this.#tokenRefused = false;
      this.#reopen();
    }
  }

  close() {
    this.#closed = true;
    this.#reopen();
  }

  /** Leaves what there is, and comes back at once. */
  #reopen() {
    this.#attempt.abort();
    this.#rest.end();
  }

  // --- One time ---

  async #once() {
    const attempt = (this.#attempt = new AbortController());
    this.#readyAt = Infinity;
    if (!this.#quietly || this.status.state !== "live") {
      this.#say({ state: this.#wasLive ? "reconnecting" : "connecting", transport: null, node: null });
    }
    this.#quietly = false;
    const ending = await this.#listen(attempt);
    const pauseMs = attempt.signal.aborted ? 0 : this.#pauseAfter(ending);
    if (pauseMs > 0) {
      await this.#rest.for(pauseMs);
    }
  }

  async #listen(attempt) {
    const { signal } = attempt;
    const hear = (frame) => signal.aborted || this.#take(frame);
    this.#address = this.#http.url(["events"]);
    const from = { http: this.#http, rooms: this.#asked, cursor: this.cursor };
    let renewal;
    try {
      from.token = await this.#token.get();
      if (this.#polls) {
        this.#transport = "poll";
        from.untilMs = this.#streamAgainMs;
      } else if (this.#ticketProvider === undefined) {
        this.#transport = "sse";
      } else {
        this.#transport = "eventsource";
        from.ticket = await this.#ticketProvider(this.#asked?.split(","));
      }
      if (signal.aborted) {
        return { why: "stopped" };
      }
      renewal = this.#renewal(attempt);
      return await TRANSPORTS[this.#transport](from, hear, signal, this.#world);
    } catch (error) {
      return error instanceof Problem ? { why: "refused", problem: error } : { why: "broken", error };
    } finally {
      this.#world.clearTimeout(renewal);
      this.#usedToken = from.token;
    }
  }

  /** A stream ends with its token: the next one is fetched before, and only then is the line left. */
  #renewal(attempt) {
    const ms = this.#token.renewInMs;
    const leave = () => {
      this.#quietly = true;
      attempt.abort();
    };
    const renew = () => this.#token.get().then(leave, () => {});
    return ms > LONGEST_TIMER_MS ? undefined : this.#world.setTimeout(renew, ms);
  }

  #take(frame) {
    this.#heardAt = this.#world.now();
    this.#retryMs = frame.retryMs ?? this.#retryMs;
    if (frame.name === "hello") {
      this.#node = frame.data.node;
    } else if (frame.name === "ready") {
      this.#ready();
    }
    if (frame.data !== null) {
      this.#hear(frame);
    }
    // After it was heard: what was not is told again.
    this.cursor = frame.id ?? this.cursor;
  }

  #ready() {
    this.#readyAt = this.#world.now();
    this.#wasLive = true;
    this.#tokenRefused = false;
    this.#cursorRefused = false;
    if (this.#transport !== "poll") {
      this.#streamAgainMs = STREAM_AGAIN_MS;
    }
    this.#say({ state: "live", transport: this.#transport, node: this.#node, error: null });
  }

  // --- And again ---

  /** In how many milliseconds to come back. */
  #pauseAfter({ why, reason, retryMs, problem, error }) {
    if (this.#world.now() - this.#readyAt > LONG_LIFE_MS) {
      this.#failures = 0;
    }
    switch (why) {
      case "enough":
        this.#polls = false;
        this.#quietly = true;
        return 0;
      case "mute":
        this.#polls = true;
        this.#quietly = this.status.state === "live";
        this.#streamAgainMs = Math.min(STREAM_AGAIN_LONGEST_MS, this.#streamAgainMs * 2);
        return 0;
      case "bye":
        if (reason === "expired" || reason === "revoked") {
          this.#token.refuse(this.#usedToken);
        }
        // Streams end now and then, and when one's rooms change: nothing went wrong.
        this.#quietly = reason === "max_age";
        return retryMs;
      case "refused":
        return this.#refused(problem);
      default:
        return this.#failed(error);
    }
  }

  #failed(error = null, atLeastMs = 0) {
    // Polls that never came through had another reason than a proxy that buffers.
    this.#polls &&= this.#readyAt < Infinity;
    this.#failures++;
    this.#http.turn(this.#address);
    this.#say({ state: "reconnecting", transport: null, node: null, error });
    // Where there are several addresses, each is asked once before any is waited for.
    const rounds = Math.floor((this.#failures - 1) / this.#http.width) + 1;
    const firstMs = this.#failures < this.#http.width ? 300 : this.#retryMs;
    return Math.max(atLeastMs, backoffMs(rounds, this.#world.random, firstMs));
  }

  #refused(problem) {
    if (problem.mayPass) {
      return this.#failed(problem, problem.retryAfterMs);
    }
    if (problem.code === "cursor-invalid" && !this.#cursorRefused) {
      this.#cursorRefused = true;
      // Where we stand is unknown now: who hears this loads its rooms, and names them again.
      const data = { rooms: this.rooms, reason: "cursor", oldest: null };
      this.rooms = [];
      this.cursor = this.#asked = null;
      this.#cursors = {};
      this.#hear({ name: "reset", id: null, data });
      return 0;
    }
    if (problem.status === 401 && !this.#tokenRefused && this.#token.refuse(this.#usedToken)) {
      this.#tokenRefused = true;
      return 0;
    }
    this.#say({ state: "refused", transport: null, node: null, error: problem });
    return Infinity;
  }

  #say(change) {
    this.status = { ...this.status, ...change };
    this.#tell(this.status);
  }
}
