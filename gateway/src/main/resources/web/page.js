// The page on `/`: the rooms one knows, one of them open, and the node it is told from.

import { wordsOf } from "./v1/partyline-chat.js";
import { pageWords } from "./page-words.js";

const KEPT_ROOMS = 20;

const query = new URLSearchParams(location.search);
const view = Object.fromEntries(
  [...document.querySelectorAll("[id]")].map((element) => [element.id, element]),
);

const lang = query.get("lang") ?? document.documentElement.lang;
const words = pageWords(lang);
const chatWords = wordsOf(lang);

const kept = {
  rooms: stored("partyline.rooms", ["lobby"]),
  directs: stored("partyline.directs", {}),
  token: stored("partyline.token", null),
};

const chat = document.createElement("partyline-chat");
let room = query.get("room") || kept.rooms[0] || "lobby";
let node = null;
let lostAt = null;
let reconnects = 0;

begin();

function begin() {
  document.documentElement.lang = chatWords.language;
  document.documentElement.dir = chatWords.direction;
  document.documentElement.dataset.theme = query.get("theme") ?? "";
  for (const element of document.querySelectorAll("[data-word]")) {
    element.textContent = words[element.dataset.word];
  }
  for (const element of document.querySelectorAll("[data-placeholder]")) {
    element.placeholder = words[element.dataset.placeholder];
  }
  for (const [name, value] of Object.entries({
    room,
    lang,
    src: nodesOf(query.get("nodes")).join(","),
    follow: "",
    directs: "",
    ...(query.get("theme") && { theme: query.get("theme") }),
    ...(kept.token && { token: kept.token }),
  })) {
    chat.setAttribute(name, value);
  }
  chat.addEventListener("partyline-status", ({ detail }) => follow(detail));
  chat.addEventListener("partyline-room", opened);
  chat.addEventListener("partyline-direct", (event) => {
    event.preventDefault();
    writeTo(event.detail.id, event.detail.name);
  });
  view.open.addEventListener("submit", submitted(() => goTo(roomNamed(view.name.value), true)));
  view.direct.addEventListener("submit", submitted(() => writeTo(view.user.value.trim())));
  view.login.addEventListener("submit", submitted(() => login(view.token.value.trim())));
  view.rename.addEventListener("submit", submitted(() => rename(view["guest-name"].value.trim())));
  view.name.addEventListener("focus", suggestRooms);
  view.leave.addEventListener("click", leave);
  view.menu.addEventListener("click", () => openSide(view.menu.getAttribute("aria-expanded") !== "true"));
  addEventListener("popstate", () => show(new URLSearchParams(location.search).get("room") || "lobby"));
  document.querySelector("main").append(chat);
}

/** @returns what a form does when it is sent, and says if it was refused */
function submitted(act) {
  return async (event) => {
    event.preventDefault();
    view.refused.textContent = "";
    try {
      await act();
      event.target.reset();
    } catch (problem) {
      view.refused.textContent = chatWords.why(problem);
    }
  };
}

// --- Rooms ---

/** Once for each client: another token makes another one. */
let client = null;

function opened() {
  if (chat.client !== client) {
    client = chat.client;
    client.on("rooms", showRooms);
    client.on("room.added", ({ by, data }) => remember(data.room, by.name));
    kept.rooms.forEach((name) => listenIn(name));
  }
  listenIn(room);
  showRooms();
  showMe();
}

const listened = new WeakSet();

/** What is said in the rooms one knows is counted, also while another one is looked at. */
function listenIn(name) {
  const it = client.room(name);
  if (!listened.has(it)) {
    listened.add(it);
    it.on("change", ({ kind }) => {
      if (kind === "message" || kind === "read" || kind === "state") {
        showRooms();
      }
      showMe();
    });
  }
}

function goTo(name, joins) {
  if (name === "") {
    return undefined;
  }
  kept.rooms = [...new Set([name, ...kept.rooms])].slice(0, KEPT_ROOMS);
  store("partyline.rooms", kept.rooms);
  const url = new URL(location.href);
  url.searchParams.set("room", name);
  history.pushState(null, "", url);
  show(name);
  openSide(false);
  return joins && isMember() ? client.room(name).join() : undefined;
}

/** Those that anybody may know of; a page of them is enough to choose from. */
async function suggestRooms() {
  const { rooms } = await client.openRooms().catch(() => ({ rooms: [] }));
  view["open-rooms"].replaceChildren(...rooms.map(({ id, title }) => new Option(title, id)));
}

function show(name) {
  room = name;
  chat.setAttribute("room", name);
}

/** Somebody types "Tea & Cake" and means `tea-cake`. */
function roomNamed(text) {
  return text.trim().toLowerCase().replace(/[^a-z0-9._]+/g, "-").replace(/^[-._]+|-+$/g, "").slice(0, 64);
}

function forget(name) {
  kept.rooms = kept.rooms.filter((each) => each !== name);
  store("partyline.rooms", kept.rooms);
  if (client.rooms?.some(({ id }) => id === name)) {
    client.room(name).quit().catch(() => {});
  }
  client.leave(name);
  if (name === room) {
    goTo(kept.rooms[0] ?? "lobby", false);
  }
  showRooms();
}

function showRooms() {
  const mine = client.rooms ?? [];
  const names = [...new Set([...mine.map(({ id }) => id), ...kept.rooms, room])];
  const rooms = names.map((name) => {
    const known = mine.find(({ id }) => id === name);
    const open = name === room || kept.rooms.includes(name) ? client.room(name) : null;
    return {
      name,
      title: known?.title || open?.info?.title || (isDirect(name) ? (kept.directs[name] ?? words.somebody) : "#" + name),
      unread: open?.state === "ready" ? open.unread : (known?.unread ?? 0),
    };
  });
  put(view.rooms, rooms.filter(({ name }) => !isDirect(name)));
  put(view["direct-rooms"], rooms.filter(({ name }) => isDirect(name)));
  const unread = rooms.reduce((sum, each) => sum + each.unread, 0);
  document.title = (unread > 0 ? "(" + chatWords.number(unread) + ") " : "") + rooms.find(({ name }) => name === room).title + " · Partyline";
}

/** Rows stay where they are as long as their rooms do, and so does the focus. */
function put(list, rooms) {
  const rows = new Map([...list.children].map((row) => [row.dataset.room, row]));
  list.replaceChildren(...rooms.map((each) => fill(rows.get(each.name) ?? rowOf(each.name), each)));
}

function rowOf(name) {
  const row = document.createElement("li");
  const button = document.createElement("button");
  button.className = "room";
  const title = document.createElement("span");
  title.append(document.createElement("bdi"));
  button.append(title, document.createElement("span"));
  button.addEventListener("click", () => goTo(name, false));
  const cross = document.createElement("button");
  cross.className = "forget";
  cross.textContent = "×";
  cross.addEventListener("click", () => forget(name));
  row.dataset.room = name;
  row.append(button, cross);
  return row;
}

function fill(row, { name, title, unread }) {
  const [button, cross] = row.children;
  const [text, badge] = button.children;
  text.firstChild.textContent = title;
  badge.className = unread > 0 ? "unread" : "";
  badge.textContent = unread > 0 ? chatWords.number(unread) : "";
  badge.ariaLabel = unread > 0 ? chatWords.say("fresh", { n: unread }) : null;
  badge.role = unread > 0 ? "img" : null;
  button.ariaCurrent = name === room ? "page" : null;
  cross.ariaLabel = words.forget.replace("{room}", title);
  cross.title = cross.ariaLabel;
  return row;
}

// --- People ---

function isMember() {
  return chat.guest === null;
}

function isDirect(name) {
  return name.startsWith("dm.");
}

async function writeTo(id, name = id) {
  const direct = await client.direct(id);
  remember(direct.room, name);
  goTo(direct.room, false);
}

function remember(name, who) {
  if (isDirect(name)) {
    kept.directs[name] ??= who;
    store("partyline.directs", kept.directs);
    showRooms();
  }
}

function showMe() {
  const known = isMember() ? nameIn(kept.token) : chat.guest.token === null ? null : chat.guest.name;
  view.me.textContent = known ?? words.nobody;
  view.kind.textContent = isMember() ? "" : known === null ? "" : chatWords.say("guest");
  view.leave.hidden = known === null;
  view.rename.hidden = isMember() || known === null;
  view.member.hidden = isMember();
  view.directs.hidden = !isMember();
}

/** A token says whom it is of; nobody here needs to believe it. */
function nameIn(token) {
  try {
    const bytes = Uint8Array.from(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")), (char) => char.charCodeAt(0));
    const { name, sub } = JSON.parse(new TextDecoder().decode(bytes));
    return name ?? String(sub);
  } catch {
    return words.somebody;
  }
}

async function rename(name) {
  if (name !== "") {
    await chat.guest.become(name);
    await chat.renew();
  }
}

function login(token) {
  if (token !== "") {
    kept.token = token;
    store("partyline.token", token);
    chat.setAttribute("token", token);
  }
}

function leave() {
  if (isMember()) {
    kept.token = null;
    store("partyline.token", null);
    chat.removeAttribute("token");
  } else {
    chat.guest.forget();
    chat.renew();
  }
}

// --- The line ---

function follow({ state, node: here }) {
  if (state === "live") {
    if (lostAt !== null) {
      const seconds = (performance.now() - lostAt) / 1_000;
      view.reconnects.textContent = chatWords.number(++reconnects);
      view.note.textContent = words.went_on
        .replace("{from}", node ?? "–")
        .replace("{to}", here ?? "–")
        .replace("{seconds}", chatWords.number(Math.round(seconds * 10) / 10));
      lostAt = null;
    }
    node = here ?? node;
    view.node.textContent = node ?? "–";
  } else if (state === "reconnecting" || state === "offline") {
    lostAt ??= performance.now();
    view.node.textContent = "–";
  }
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

// --- The rest ---

function openSide(open) {
  view.menu.setAttribute("aria-expanded", String(open));
}

function stored(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function store(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: the next visit begins anew.
  }
}
