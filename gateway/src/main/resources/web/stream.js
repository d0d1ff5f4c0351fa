// One room's events, from whichever node answers: reads server-sent events with fetch, and goes on
// at the next node from the last id when a stream ends.
//
// fetch and not EventSource, because it lets us see heartbeats (a frozen node says nothing and
// breaks nothing), choose the node, and send a token.

const CONNECT_MS = 8_000;
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 5_000;
const MISSED_HEARTBEATS = 2.5;
const DEFAULT_HEARTBEAT_S = 20;
const LONG_LIFE_MS = 5_000;
const LONGEST_LINE = 1 << 20;

/**
 * Follows the room until the page goes away.
 *
 * @param nodes origins, the first is tried first
 * @param replay how many events to start back
 * @param token answers the token to send, or null
 * @param on {connecting(node), hello(node, data), event(event), ready(data), reset(data),
 *     lost(node, why), refused(status, problem): whether to go on}
 */
export async function follow({ nodes, room, replay, token, on }) {
  let cursor = null;
  let turn = 0;
  let failures = 0;
  while (true) {
    const node = nodes[turn % nodes.length];
    const url = new URL("/v1/events", node);
    url.searchParams.set("rooms", room);
    if (cursor === null) {
      url.searchParams.set("replay", replay);
    }
    on.connecting(node);
    let pause = null;
    let why;
    let readyAt = Infinity;
    try {
      const from = cursor === null ? {} : { "Last-Event-ID": cursor };
      for await (const { name, id, data } of frames(url, token(), from)) {
        if (id !== null) {
          cursor = id;
        }
        if (name === "bye") {
          why = data.reason;
          pause = data.retry_ms;
          break;
        } else if (name === "message") {
          on.event(data);
        } else if (name === "hello") {
          on.hello(node, data);
        } else if (name === "ready") {
          readyAt = performance.now();
          on.ready(data);
        } else if (name === "reset") {
          on.reset(data);
        }
      }
      why ??= "the stream ended";
    } catch (error) {
      if (error instanceof Refused) {
        if (!(await on.refused(error.status, error.problem))) {
          return;
        }
        why = "refused";
      } else {
        why = error.name === "AbortError" ? "silence" : "the connection broke";
      }
    }
    on.lost(node, why);
    turn++;
    if (performance.now() - readyAt > LONG_LIFE_MS) {
      failures = 0;
    }
    // The other nodes are asked at once, then all of them ever more slowly.
    const rounds = Math.floor(failures++ / nodes.length);
    pause ??= Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(rounds, 10));
    await rest(pause * (0.5 + Math.random() / 2));
  }
}

class Refused extends Error {
  constructor(status, problem) {
    super("refused with " + status);
    this.status = status;
    this.problem = problem;
  }
}

/** The events of one stream as {name, id, data}, id null where there is none. */
async function* frames(url, token, headers) {
  const abort = new AbortController();
  let watchdog = setTimeout(() => abort.abort(), CONNECT_MS);
  const heard = (ms) => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => abort.abort(), ms);
  };
  let silenceMs = DEFAULT_HEARTBEAT_S * 1_000 * MISSED_HEARTBEATS;
  try {
    const response = await fetch(url, {
      cache: "no-store",
      signal: abort.signal,
      headers: {
        Accept: "text/event-stream",
        ...(token === null ? {} : { Authorization: "Bearer " + token }),
        ...headers,
      },
    });
    if (response.status !== 200) {
      throw new Refused(response.status, await response.json().catch(() => ({})));
    }
    const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    let frame = { name: "message", id: null, lines: [] };
    while (true) {
      heard(silenceMs);
      const { done, value } = await chunks.read();
      if (done) {
        return;
      }
      text += value;
      if (text.length > LONGEST_LINE) {
        throw new Error("a line that never ends");
      }
      const lines = text.split("\n");
      text = lines.pop();
      for (const line of lines) {
        if (line !== "") {
          take(line, frame);
          continue;
        }
        if (frame.lines.length > 0) {
          const data = JSON.parse(frame.lines.join("\n"));
          if (frame.name === "hello" && data.heartbeat_s > 0) {
            silenceMs = data.heartbeat_s * 1_000 * MISSED_HEARTBEATS;
          }
          yield { name: frame.name, id: frame.id, data };
        }
        frame = { name: "message", id: null, lines: [] };
      }
    }
  } finally {
    clearTimeout(watchdog);
    abort.abort();
  }
}

/** One line of a frame; comments and what is unknown are left out. */
function take(line, frame) {
  const colon = line.indexOf(":");
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
  if (field === "data") {
    frame.lines.push(value);
  } else if (field === "event") {
    frame.name = value;
  } else if (field === "id") {
    frame.id = value;
  }
}

/** Cut short when the machine is back on the network. */
function rest(ms) {
  return new Promise((done) => {
    const over = () => {
      clearTimeout(timer);
      removeEventListener("online", over);
      done();
    };
    const timer = setTimeout(over, ms);
    addEventListener("online", over);
  });
}
