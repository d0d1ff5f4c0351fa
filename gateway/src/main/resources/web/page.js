// The page on `/`: one room, the node it is told from, and what happens when that node goes away.

const query = new URLSearchParams(location.search);
const room = query.get("room") || "lobby";
const view = Object.fromEntries(
  [...document.querySelectorAll("[id]")].map((element) => [element.id, element]),
);

const chat = document.createElement("partyline-chat");
chat.setAttribute("room", room);
chat.setAttribute("src", nodesOf(query.get("nodes")).join(","));
chat.addEventListener("partyline-status", ({ detail }) => follow(detail));

let node = null;
let lostAt = null;
let reconnects = 0;

view.room.textContent = room;
document.title = "#" + room + " · Partyline";
document.querySelector("main").append(chat);

function follow({ state, node: here }) {
  if (state === "live") {
    if (lostAt !== null) {
      const seconds = ((performance.now() - lostAt) / 1_000).toFixed(1);
      view.reconnects.textContent = String(++reconnects);
      view.note.textContent =
        "Left " + (node ?? "a node") + ", went on at " + (here ?? "another") + " after " + seconds + " s.";
      lostAt = null;
    }
    node = here;
    view.node.textContent = here ?? "–";
  } else if (state === "reconnecting" || state === "offline") {
    lostAt ??= performance.now();
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
