import { bearer } from "./http.js";
import { Problem } from "./problem.js";

const WAIT_S = 25;
const ANSWER_MS = 10_000;

/**
 * Listens by long polls, for those between whom and the server somebody buffers. The frames are
 * those of a stream, made from the answers.
 *
 * @param from.untilMs after which it ends as "enough", so that a stream can be tried again
 */
export async function listenByPolls({ http, token, rooms, cursor, untilMs }, hear, signal, world) {
  const began = world.now();
  let since = cursor;
  let first = true;
  while (!signal.aborted) {
    let answer;
    try {
      // The first one is answered at once, and tells that we are through.
      answer = await poll({ http, token, rooms, since, wait: first ? 0 : WAIT_S }, signal, world);
    } catch (error) {
      return error instanceof Problem
        ? { why: "refused", problem: error }
        : { why: signal.aborted ? "stopped" : "broken" };
    }
    (answer.reset ?? []).forEach((data) => hear({ name: "reset", id: answer.cursor, data }));
    answer.events.forEach((data) =>
      hear(data.id === undefined ? { name: data.type, id: null, data } : { name: "message", id: data.id, data }),
    );
    since = answer.cursor;
    if (first) {
      first = false;
      const data = { resumed: cursor !== null, replayed: answer.events.length, refused: [] };
      hear({ name: "ready", id: since, data });
    } else {
      hear({ name: "heartbeat", id: since, data: null });
    }
    if (world.now() - began >= untilMs) {
      return { why: "enough" };
    }
  }
  return { why: "stopped" };
}

async function poll({ http, token, rooms, since, wait }, signal, world) {
  const abort = new AbortController();
  const stop = () => abort.abort();
  signal.addEventListener("abort", stop);
  const timer = world.setTimeout(stop, wait * 1_000 + ANSWER_MS);
  try {
    const response = await world.fetch(http.url(["events"], { rooms, wait, since }), {
      cache: "no-store",
      credentials: "omit",
      signal: abort.signal,
      headers: { Accept: "application/json", ...bearer(token) },
    });
    if (response.status !== 200) {
      throw await Problem.of(response);
    }
    return await response.json();
  } finally {
    world.clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}
