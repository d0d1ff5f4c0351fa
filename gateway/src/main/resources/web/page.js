// The page on `/`: one room, the node it is told from, and what happens when that node goes away.

import { follow } from "./stream.js";

const REPLAY = 50;
const SHOWN = 500;
const SEND_ATTEMPTS = 6;
const SEND_TIMEOUT_MS = 8_000;

const query = new URLSearchParams(location.search);
const room = query.get("room") || "lobby";
const nodes = nodesOf(query.get("nodes"));

const view = Object.fromEntries(
  [...document.querySelectorAll("[id]")].map((element) => [element.id, element]),
);
const shown = new Map(); // message id -> its <li>, oldest first
let guest = known(stored("partyline.guest"));
let here = nodes[0];
let reconnects = 0;
let lostAt = null;

view.room.textContent = room;
document.title = "#" + room + " · Partyline";
view.name.value = String(stored("partyline.name") ?? "");
view.speak.addEventListener("submit", speak);
follow({
  nodes,
  room,
  replay: REPLAY,
  token: () => tokenNow(),
  on: { connecting, hello, event, ready, reset, lost, refused },
});

// --- the stream ---

function connecting(node) {
  say("connecting", "connecting to " + new URL(node).host);
}

function hello(node, data) {
  here = node;
  view.node.textContent = data.node + " (" + new URL(node).host + ")";
}

function ready(data) {
  say("connected", "connected");
  if (lostAt !== null) {
    const seconds = ((performance.now() - lostAt) / 1_000).toFixed(1);
    const missed = data.replayed > 0 ? data.replayed + " missed" : "nothing missed";
    note("on " + view.node.textContent + " after " + seconds + " s, " + missed);
    lostAt = null;
    view.reconnects.textContent = String(++reconnects);
  }
}

function event(event) {
  if (event.type === "message.created") {
    show(event.data.message);
  }
}

/** The log can't tell what was missed: what is shown is read anew. */
async function reset(data) {
  note("history was read anew (" + data.reason + ")");
  try {
    const response = await request("GET", messagesPath() + "?limit=" + REPLAY);
    if (response.ok) {
      const { messages } = await response.json();
      shown.forEach((item) => item.remove());
      shown.clear();
      messages.forEach(show);
    }
  } catch {
    note("history could not be read; new messages still arrive");
  }
}

function lost(node, why) {
  if (lostAt === null && view.connection.dataset.state === "connected") {
    lostAt = performance.now();
    note("left " + view.node.textContent + ": " + why);
  }
  say("connecting", "reconnecting");
}

/** Whether another try can help. */
async function refused(status, problem) {
  if (status === 401 && guest !== null) {
    keepGuest(null);
    return true;
  }
  if (status === 401) {
    say("refused", "tell your name to come in");
    await new Promise((done) => {
      view.speak.addEventListener("guest", done, { once: true });
    });
    return true;
  }
  if (status === 429 || status >= 500) {
    return true;
  }
  say("refused", problem.detail ?? problem.title ?? "refused with " + status);
  return false;
}

function say(state, text) {
  view.connection.dataset.state = state;
  view.state.textContent = text;
}

// --- what is seen ---

function show(message) {
  if (shown.has(message.id) || typeof message.text !== "string") {
    return;
  }
  const by = document.createElement("span");
  by.className = "by";
  by.textContent = message.by?.name ?? message.by?.id ?? "somebody";
  const time = document.createElement("time");
  time.dateTime = message.at;
  time.textContent = new Date(message.at).toLocaleTimeString();
  const text = document.createElement("p");
  text.className = "text";
  text.dir = "auto";
  text.textContent = message.text;
  const item = document.createElement("li");
  item.classList.toggle("mine", guest !== null && message.by?.id === guest.user.id);
  item.append(by, time, text);
  shown.set(message.id, item);
  append(item);
  if (shown.size > SHOWN) {
    const [oldest, first] = shown.entries().next().value;
    first.remove();
    shown.delete(oldest);
  }
}

function note(text) {
  const item = document.createElement("li");
  item.className = "note";
  item.textContent = new Date().toLocaleTimeString() + " · " + text;
  append(item);
  const notes = view.messages.querySelectorAll(".note");
  if (notes.length > SHOWN / 10) {
    notes[0].remove();
  }
}

/** Follows the end only for those who are reading there. */
function append(item) {
  const list = view.scroll;
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  view.messages.append(item);
  if (atEnd) {
    list.scrollTop = list.scrollHeight;
  }
}

// --- speaking ---

async function speak(submit) {
  submit.preventDefault();
  const name = view.name.value.trim();
  const text = view.text.value.trim();
  view.problem.textContent = "";
  if (name === "" || text === "") {
    return;
  }
  view.send.disabled = true;
  try {
    await post(name, { text, client_msg_id: randomKey() });
    view.text.value = "";
  } catch (error) {
    view.problem.textContent = error.message;
  } finally {
    view.send.disabled = false;
    view.text.focus();
  }
}

/** Again and again under the same key, which makes it one message however often it arrives. */
async function post(name, message) {
  let said = "No node answers. Your text is still there: try again.";
  for (let attempt = 0; attempt < SEND_ATTEMPTS; attempt++) {
    let wait = 300 * 2 ** attempt;
    try {
      await becomeGuest(name);
      const response = await request("POST", messagesPath(), message, attempt);
      if (response.ok) {
        return;
      }
      const problem = await response.json().catch(() => ({}));
      said = problem.detail ?? problem.title ?? "Refused with " + response.status + ".";
      if (response.status === 401) {
        keepGuest(null);
        wait = 0;
      } else if (response.status === 429 || response.status >= 500) {
        wait = Math.max(wait, 1_000 * Number(response.headers.get("Retry-After") ?? 0));
      } else {
        break;
      }
    } catch (error) {
      if (error instanceof NoGuests) {
        throw error;
      }
    }
    await new Promise((done) => setTimeout(done, Math.min(wait, 5_000)));
  }
  throw new Error(said);
}

class NoGuests extends Error {}

async function becomeGuest(name) {
  keep("partyline.name", name);
  if (tokenNow() !== null && guest.asked === name) {
    return;
  }
  const response = await request("POST", "/v1/guests", { name });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) {
    keepGuest({ ...answer, asked: name });
    view.speak.dispatchEvent(new Event("guest"));
  } else if (response.status < 500 && response.status !== 429) {
    throw new NoGuests(answer.detail ?? answer.title ?? "Guests are not let in here.");
  } else {
    throw new Error("later");
  }
}

/** To the node of the stream; each further attempt goes to the next. */
function request(method, path, body, attempt = 0) {
  const node = nodes[(nodes.indexOf(here) + attempt) % nodes.length];
  const token = tokenNow();
  return fetch(new URL(path, node), {
    method,
    cache: "no-store",
    signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    headers: {
      ...(token === null ? {} : { Authorization: "Bearer " + token }),
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
}

function messagesPath() {
  return "/v1/rooms/" + encodeURIComponent(room) + "/messages";
}

// --- who and where ---

function tokenNow() {
  const minute = 60_000;
  return guest !== null && Date.parse(guest.expires_at) - minute > Date.now() ? guest.token : null;
}

function keepGuest(next) {
  guest = next;
  keep("partyline.guest", next);
}

/** {token, user, expires_at, asked}, or null for anything else. */
function known(value) {
  return typeof value?.token === "string" && value.user?.id ? value : null;
}

function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: the next visit asks again.
  }
}

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** crypto.randomUUID exists on https and localhost only. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/** Other nodes of this very host: a link must not send our token to a stranger. */
function nodesOf(list) {
  const origins = (list ?? "")
    .split(",")
    .filter((text) => URL.canParse(text))
    .map((text) => new URL(text))
    .filter((url) => url.protocol === location.protocol && url.hostname === location.hostname)
    .map((url) => url.origin);
  return origins.length > 0 ? [...new Set(origins)] : [location.origin];
}
