import { Connection } from "./connection.js";
import { randomKey, smallest } from "./ids.js";
import { Problem } from "./problem.js";
import { claims } from "./token.js";

const NAME = "partyline.1:";
const ROLL_CALL_MS = 15_000;

/**
 * One line for all tabs of a browser that speak for the same person: over HTTP/1.1 a browser has six
 * connections to a host, and the seventh tab's stream would hang every other request.
 *
 * Whoever holds the lock leads: it keeps the {@link Connection}, listens to the rooms of all, and
 * tells everybody what it hears. A tab that goes lets go of the lock, and the next one goes on from
 * where it has itself heard everything. Each tab holds a lock of its own too, so that the leader sees
 * who is gone.
 *
 * Nothing is lost on the way. Who opens a room hears the channel before it reads the room's history:
 * what is written after that is either told by a stream that was there, or the leader, which learns
 * of the room with the cursor of that history, goes back to it. And where a follower stands in a room
 * moves only with frames of a stream that covers the room:
 *
 *   lobby is told up to 7; a tab opens kitchen, history up to 5; before the leader knows, it tells
 *   lobby 8 and is killed: that tab goes on from 8 in lobby and from 5 in kitchen, so from 5.
 */
export class SharedLine {
  status = { state: "connecting", transport: null, node: null, error: null };

  #of;
  #id = randomKey();
  #name;
  #channel;
  #connection = null; // while we lead
  #cursors = {}; // room -> up to where we have heard it; ours only
  #mine; // the rooms that we belong to, as far as this tab knows
  #wanted = new Map(); // tab -> {rooms: its cursors, mine}, while we lead
  #abdicated = false;
  #abdicate = () => {};
  #closed = new AbortController();
  #rollCall;

  /** @param of what {@link Connection} takes, and url: the addresses */
  constructor(of) {
    this.#of = of;
  }

  /** Once this is done, the channel is heard. */
  async start() {
    const { world, token, url } = this.#of;
    const { sub, role, rooms } = claims(await token.get().catch(() => null));
    this.#name = NAME + JSON.stringify([url, sub, role, rooms]);
    if (this.#closed.signal.aborted) {
      return;
    }
    this.#channel = new world.BroadcastChannel(this.#name);
    this.#channel.onmessage = ({ data }) => this.#hearTab(data);
    this.#hold(this.#name + this.#id, () => this.#untilClosed());
    this.#standInLine();
    this.#closed.signal.addEventListener("abort", world.onWake(() => this.wake()));
  }

  /** As {@link Connection} does. */
  listenTo(rooms, mine) {
    this.#mine = mine;
    this.#cursors = Object.fromEntries(
      Object.entries(rooms).map(([name, cursor]) => [name, this.#cursors[name] ?? cursor]),
    );
    this.#want(this.#id, this.#cursors, mine);
    this.#postRooms();
  }

  #postRooms() {
    this.#post({ type: "rooms", rooms: this.#cursors, mine: this.#mine });
  }

  wake() {
    this.#abdicated = false;
    this.#connection?.wake();
    this.#post({ type: "wake" });
  }

  close() {
    this.#post({ type: "gone" });
    this.#closed.abort();
    this.#abdicate();
    this.#channel?.close();
    this.#say({ ...this.status, state: "closed", transport: null, node: null });
  }

  // --- Who leads ---

  #standInLine() {
    this.#hold(this.#name, () => this.#lead());
  }

  #hold(name, during) {
    const { signal } = this.#closed;
    this.#of.world.locks.request(name, { signal }, during).catch(() => {});
  }

  async #lead() {
    const { world } = this.#of;
    if (this.#closed.signal.aborted) {
      return;
    }
    const connection = (this.#connection = new Connection({
      ...this.#of,
      hear: (frame) => this.#tellAll(frame),
      tell: (status) => this.#tellStatus(status),
    }));
    const over = new Promise((done) => (this.#abdicate = done));
    const running = connection.run();
    this.#want(this.#id, this.#cursors, this.#mine);
    this.#post({ type: "leader" });
    this.#callRoll();
    await over;
    world.clearTimeout(this.#rollCall);
    this.#connection = null;
    this.#wanted.clear();
    connection.close();
    await running;
  }

  #untilClosed() {
    return new Promise((done) => this.#closed.signal.addEventListener("abort", done));
  }

  /** A tab may vanish without a word; its lock does not outlive it. */
  #callRoll() {
    const { world } = this.#of;
    this.#rollCall = world.setTimeout(async () => {
      const { held } = await world.locks.query();
      const here = new Set(held.map(({ name }) => name));
      [...this.#wanted.keys()].filter((tab) => !here.has(this.#name + tab)).forEach((tab) => this.#want(tab, {}));
      if (this.#connection !== null) {
        this.#callRoll();
      }
    }, ROLL_CALL_MS);
  }

  /** Refused, perhaps for a token that another tab has a better one for: that one may try. */
  async #letOthersTry() {
    const { pending } = await this.#of.world.locks.query();
    if (!this.#abdicated && pending.some(({ name }) => name === this.#name)) {
      this.#abdicated = true;
      this.#abdicate();
      this.#standInLine();
    }
  }

  // --- What the leader does ---

  #want(tab, wanted, mine = []) {
    if (this.#connection === null) {
      return;
    }
    this.#wanted.set(tab, { rooms: wanted, mine });
    const all = {};
    const tabs = [...this.#wanted.values()];
    for (const { rooms } of tabs) {
      for (const [name, cursor] of Object.entries(rooms)) {
        all[name] = name in all ? smallest([all[name], cursor]) : cursor;
      }
    }
    this.#connection.listenTo(all, tabs.flatMap((each) => each.mine));
  }

  #tellAll(frame) {
    const { rooms } = this.#connection;
    if (frame.name === "reset" && frame.id === null) {
      this.#wanted.clear();
    }
    this.#post({ type: "frame", frame, rooms });
    this.#hear(frame, rooms);
  }

  #tellStatus(status) {
    if (this.#connection === null) {
      return;
    }
    this.#post({ type: "status", status: plain(status) });
    this.#say(status);
    if (status.state === "refused") {
      this.#letOthersTry();
    }
  }

  // --- What every tab does ---

  #hearTab({ from, type, rooms, mine, frame, status }) {
    const leads = this.#connection !== null;
    if (type === "frame" && !leads) {
      this.#hear(frame, rooms);
    } else if (type === "status" && !leads) {
      this.#say(revived(status));
    } else if (type === "leader") {
      this.#postRooms();
    } else if (type === "rooms" && leads) {
      this.#want(from, rooms, mine);
      this.#post({ type: "status", status: plain(this.status) });
    } else if (type === "gone" && leads) {
      this.#want(from, {});
    } else if (type === "wake" && leads) {
      this.#connection.wake();
    }
  }

  #hear(frame, rooms) {
    if (frame.name === "reset" && frame.id === null) {
      this.#cursors = {};
    }
    if (frame.id !== null) {
      rooms.filter((name) => name in this.#cursors).forEach((name) => (this.#cursors[name] = frame.id));
    }
    this.#of.hear(frame);
  }

  #say(status) {
    this.status = status;
    this.#of.tell(status);
  }

  #post(message) {
    if (!this.#closed.signal.aborted) {
      this.#channel?.postMessage({ from: this.#id, ...message });
    }
  }
}

/** An error of ours does not survive the way through a channel. */
function plain(status) {
  const { error } = status;
  return { ...status, error: error && { ...error, detail: error.message, request_id: error.requestId } };
}

function revived(status) {
  const { error } = status;
  const isProblem = error !== null && error.status !== undefined;
  const other = error && new Error(error.detail);
  return { ...status, error: isProblem ? new Problem(error.status, error, error.retryAfterMs) : other };
}
