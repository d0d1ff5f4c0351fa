import { Frames } from "./frames.js";
import { bearer } from "./http.js";
import { Problem } from "./problem.js";

/** A proxy that buffers holds back even this. */
const FIRST_BYTE_MS = 3_000;
const MISSED_HEARTBEATS = 2.5;
const DEFAULT_HEARTBEAT_S = 20;

/**
 * Listens to server-sent events by fetch, which lets us send a token in a header, see refusals and
 * heartbeats (a frozen node breaks nothing and says nothing), and leave when we want to.
 *
 * All transports are such functions.
 *
 * @param {{http: Http, token: string | null, rooms?: string, cursor: string | null}} from no rooms: those
 *     one belongs to
 * @param {(frame: {name: string, id: string | null, data: object}) => void} hear gets everything in
 *     order, and a frame `heartbeat` where there was nothing else
 * @param {AbortSignal} signal ends it
 * @param {World} world
 * @returns how it ended: {why: "bye", reason, retryMs} the server said so, "refused" with a problem,
 *     "mute" not a byte came in time, "silence" heartbeats stopped, "broken" or "stopped" by the
 *     signal
 */
export async function listenByFetch({ http, token, rooms, cursor }, hear, signal, world) {
  const abort = new AbortController();
  const stop = () => abort.abort();
  signal.addEventListener("abort", stop);
  let patience;
  let silent = null;
  const expect = (why, ms) => {
    world.clearTimeout(patience);
    patience = world.setTimeout(() => {
      silent = why;
      stop();
    }, ms);
  };
  try {
    expect("mute", FIRST_BYTE_MS);
    const response = await world.fetch(http.url(["events"], { rooms }), {
      cache: "no-store",
      credentials: "omit",
      signal: abort.signal,
      headers: {
        Accept: "text/event-stream",
        ...bearer(token),
        ...(cursor === null ? {} : { "Last-Event-ID": cursor }),
      },
    });
    if (!isStream(response)) {
      return await refusal(response);
    }
    return await read(response.body, hear, expect);
  } catch {
    return { why: signal.aborted ? "stopped" : (silent ?? "broken") };
  } finally {
    world.clearTimeout(patience);
    signal.removeEventListener("abort", stop);
    stop();
  }
}

async function read(body, hear, expect) {
  const chunks = body.getReader();
  const decoder = new TextDecoder();
  const frames = new Frames();
  let silenceMs = DEFAULT_HEARTBEAT_S * 1_000 * MISSED_HEARTBEATS;
  while (true) {
    const { done, value } = await chunks.read();
    if (done) {
      return { why: "broken" };
    }
    expect("silence", silenceMs);
    const ended = frames.take(decoder.decode(value, { stream: true }));
    if (ended.length === 0) {
      hear({ name: "heartbeat", id: null, data: null });
    }
    for (const frame of ended) {
      if (frame.name === "bye") {
        return { why: "bye", reason: frame.data.reason, retryMs: frame.data.retry_ms };
      }
      if (frame.name === "hello" && frame.data.heartbeat_s > 0) {
        silenceMs = frame.data.heartbeat_s * 1_000 * MISSED_HEARTBEATS;
        expect("silence", silenceMs);
      }
      hear(frame);
    }
  }
}

function isStream(response) {
  return (
    response.status === 200 &&
    (response.headers.get("Content-Type") ?? "").startsWith("text/event-stream")
  );
}

/** 204 is what ends a native EventSource for good; a page in its place is some portal's. */
async function refusal(response) {
  if (response.status === 204) {
    return { why: "refused", problem: new Problem(403, { code: "revoked", detail: "This session was ended." }) };
  }
  return response.ok
    ? { why: "broken" }
    : { why: "refused", problem: await Problem.of(response) };
}
