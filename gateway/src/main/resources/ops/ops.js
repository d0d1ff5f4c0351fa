import * as numbers from "./numbers.js";
import { Chart } from "./chart.js";

const KEPT = 300;
const RESETS_SHOWN_SECONDS = 300;
const COLOURS = ["#3b7dd8", "#e5734a", "#2aa583", "#a35fc9", "#c7962c", "#d14f7c", "#6a7f92", "#7aa31e"];

const $ = (id) => document.getElementById(id);
const before = new Map();
const history = [];
const charts = {
  delivery: new Chart($("delivery"), ["p50", "p99", "canary"], COLOURS),
  rates: new Chart($("rates"), ["published", "delivered"], COLOURS),
  balance: new Chart($("balance"), [], COLOURS),
  goodbyes: new Chart($("goodbyes"), ["connects", "reconnects", "goodbyes", "resets"], COLOURS),
};
let shown = null;
let last = null;

const source = new EventSource("/ops/events");
source.onmessage = (event) => show(JSON.parse(event.data));
source.onerror = () => say({ level: "bad", text: "This node does not answer; trying again …" });

function show(told) {
  last = told;
  const gateways = told.nodes.filter((node) => node.kind === "gateway");
  const workers = told.nodes.filter((node) => node.kind === "worker");
  const point = observe(gateways, told);
  for (const node of told.nodes) {
    const known = before.get(node.node);
    if (!known || known.at !== node.at) {
      before.set(node.node, node);
    }
  }
  history.push(point);
  if (history.length > KEPT) {
    history.shift();
  }
  say(numbers.verdict({ ...point, redis: told.redis, resets: recentResets() }));
  tiles(point, gateways);
  draw(gateways);
  gatewayRows(gateways);
  jobRows(workers);
  redisRows(told, workers, point);
  roomRows(gateways);
  timelineRows(told.nodes);
  if (shown) {
    detail(told.nodes.find((node) => node.node === shown), told.drains);
  }
}

/** What happened since the last reports. */
function observe(gateways, told) {
  const fresh = gateways.filter((node) => before.get(node.node)?.at !== node.at);
  const grew = (name, word) =>
    fresh.reduce((all, node) => {
      const known = before.get(node.node);
      return known ? all + numbers.growth(known, node, name, word) / seconds(known, node) : all;
    }, 0);
  const spread = (name) => numbers.sum(fresh.map((node) => numbers.classes(before.get(node.node), node, name)));
  const delivery = spread("partyline_delivery_seconds");
  const p99 = numbers.quantile(delivery, told.bounds, 0.99);
  return {
    at: Date.now() / 1000,
    gateways: gateways.length,
    notLive: gateways.filter((node) => numbers.state(node) !== "live").length,
    draining: gateways.filter((node) => numbers.drained(node) !== null).length,
    p50: numbers.quantile(delivery, told.bounds, 0.5),
    p99,
    canary: numbers.quantile(spread("partyline_canary_seconds"), told.bounds, 0.5),
    redisP99: numbers.quantile(spread("partyline_redis_command_seconds"), told.bounds, 0.99),
    published: grew("partyline_publishes_total", "done"),
    unavailable: grew("partyline_publishes_total", "unavailable"),
    delivered: grew("partyline_deliveries_total"),
    connects: grew("partyline_connects_total"),
    reconnects: grew("partyline_reconnects_total"),
    goodbyes: grew("partyline_goodbyes_total"),
    resets: grew("partyline_resets_total"),
    resetCount: fresh.reduce(
      (all, node) => all + numbers.growth(before.get(node.node), node, "partyline_resets_total"), 0),
    redisErrors: grew("partyline_redis_errors_total"),
    streams: Object.fromEntries(
      gateways.map((node) => [node.node, numbers.value(node, "partyline_streams_open")])),
  };
}

function seconds(earlier, later) {
  return Math.max(0.5, (later.at - earlier.at) / 1000);
}

function recentResets() {
  const from = Date.now() / 1000 - RESETS_SHOWN_SECONDS;
  return history.filter((point) => point.at >= from).reduce((all, point) => all + point.resetCount, 0);
}

function say({ level, text }) {
  $("verdict").className = level;
  $("verdict").textContent = text;
}

// --- Tiles and charts ------------------------------------------------------------------------------------------------

function tiles(point, gateways) {
  const resets = recentResets();
  const p99 = latest("p99");
  const canary = latest("canary");
  const streams = gateways.reduce((all, node) => all + numbers.value(node, "partyline_streams_open"), 0);
  const imbalance = numbers.imbalance(gateways);
  fill($("tiles"), [
    tile(whole(resets), "resets in 5 min", resets > 0 ? "bad" : "good"),
    tile(millis(p99), "delivery p99", p99 > 1 ? "bad" : p99 > 0.25 ? "warn" : "good"),
    tile(millis(canary), "canary", canary > 1 ? "bad" : ""),
    tile(whole(point.unavailable), "posts refused /s", point.unavailable > 0 ? "bad" : ""),
    tile(whole(streams), "streams and polls"),
    tile(imbalance.toFixed(2), "fullest to average", imbalance > 1.5 ? "warn" : ""),
    tile(whole(point.published), "published /s"),
    tile(whole(point.delivered), "delivered /s"),
    tile(whole(point.reconnects), "reconnects /s"),
    tile(whole(point.goodbyes), "goodbyes /s"),
  ]);
}

/** Nothing may have happened in the last seconds. */
function latest(what) {
  for (let i = history.length - 1; i >= Math.max(0, history.length - 30); i--) {
    if (history[i][what] !== null) {
      return history[i][what];
    }
  }
  return null;
}

function tile(number, words, level = "") {
  const box = element("div", "tile");
  box.append(element("b", level, number), element("span", "", words));
  return box;
}

function draw(gateways) {
  const at = history.map((point) => point.at);
  const of = (name, factor = 1) => history.map((point) => (point[name] === null ? null : point[name] * factor));
  charts.delivery.draw([at, of("p50", 1000), of("p99", 1000), of("canary", 1000)]);
  charts.rates.draw([at, of("published"), of("delivered")]);
  charts.goodbyes.draw([at, of("connects"), of("reconnects"), of("goodbyes"), of("resets")]);
  const names = [...new Set(history.flatMap((point) => Object.keys(point.streams)))].sort();
  charts.balance.draw(
    [at, ...names.map((name) => history.map((point) => point.streams[name] ?? null))], names);
}

// --- Tables ----------------------------------------------------------------------------------------------------------

function gatewayRows(gateways) {
  const head = ["node", "version", "#streams", "feed", "#silence", "#resyncs", "#lag", "#loop p99", "#cpu", "#heap", "drain"];
  table($("gateways"), head, gateways.map((node) => {
    const known = before.get(node.node);
    const gone = numbers.drained(node);
    const feed = numbers.state(node);
    return [
      opener(node.node),
      node.version,
      whole(numbers.value(node, "partyline_streams_open")),
      element("span", feed === "live" ? "good" : "bad", feed),
      `${numbers.value(node, "partyline_feed_silence_seconds").toFixed(1)} s`,
      whole(numbers.value(node, "partyline_feed_resyncs_total")),
      bytes(numbers.value(node, "partyline_lag_bytes")),
      millis(numbers.quantile(node.metrics.partyline_loop_lag_seconds?.buckets ?? [], last.bounds, 0.99)),
      known ? percent(node.process.cpu) : "",
      bytes(node.process.heap_bytes),
      gone === null ? "" : progress(gone),
    ];
  }));
}

function jobRows(workers) {
  const rows = [];
  for (const worker of workers) {
    for (const job of Object.keys(worker.metrics.partyline_job_owned ?? {}).sort()) {
      rows.push([
        job,
        opener(worker.node),
        `${numbers.value(worker, "partyline_job_lag_seconds", job).toFixed(1)} s`,
        whole(numbers.value(worker, "partyline_job_events_total", job)),
        whole(
          numbers.value(worker, "partyline_job_failures_total", `${job} failed`) +
          numbers.value(worker, "partyline_job_failures_total", `${job} unavailable`)),
      ]);
    }
  }
  for (const worker of workers.filter((one) => !one.metrics.partyline_job_owned)) {
    rows.push(["(none)", opener(worker.node), "", "", ""]);
  }
  table($("jobs"), ["job", "worker", "#lag", "#events", "#failures"], rows);
}

function redisRows(told, workers, point) {
  const most = (name) => Math.max(0, ...workers.map((worker) => numbers.value(worker, name)));
  const errors = {};
  for (const node of told.nodes) {
    for (const [word, count] of Object.entries(node.metrics.partyline_redis_errors_total ?? {})) {
      errors[word] = (errors[word] ?? 0) + count;
    }
  }
  const said = Object.entries(errors).map(([word, count]) => `${word} ${whole(count)}`).join(", ");
  const connected = told.nodes.filter((node) => numbers.value(node, "partyline_redis_connected") === 1).length;
  table($("redis"), ["what", "now"], [
    ["processes connected", `${connected} of ${told.nodes.length}`],
    ["command p99", millis(point.redisP99)],
    ["errors since the start", said || "none"],
    ["memory", `${bytes(most("partyline_redis_memory_bytes"))} of ${bytes(most("partyline_redis_memory_max_bytes"))}`],
    ["replicas", whole(most("partyline_redis_replicas"))],
    ["log", `${whole(most("partyline_log_entries"))} entries, ${percent(most("partyline_log_ceiling_ratio"))} of its ceiling`],
  ]);
}

function roomRows(gateways) {
  const busiest = numbers.rooms(gateways, 2).slice(0, 12);
  table($("rooms"), ["room", "#events /s", "#nodes"],
    busiest.map(({ room, perSecond, nodes }) => [room, perSecond.toFixed(1), whole(nodes)]));
}

function timelineRows(nodes) {
  fill($("timeline"), numbers.timeline(nodes).slice(0, 15).map(({ at, kind, what, node }) => {
    const line = element("li");
    const time = element("time", "", at.slice(11, 19));
    time.dateTime = at;
    line.append(time, ` ${node} `, element("b", kind === "epoch" ? "bad" : kind === "resync" ? "warn" : "", kind), ` ${what}`);
    return line;
  }));
}

// --- One node --------------------------------------------------------------------------------------------------------

function opener(name) {
  const button = element("button", "link", name);
  button.type = "button";
  button.onclick = () => {
    shown = name;
    $("drain-says").textContent = "";
    detail(last.nodes.find((node) => node.node === name), last.drains);
    $("node").showModal();
  };
  return button;
}

function detail(node, drains) {
  $("node-name").textContent = shown;
  if (!node) {
    table($("node-numbers"), ["what", "now"], [["report", "none any more: it has left"]]);
    return;
  }
  const rows = [
    ["since", node.started.slice(0, 19).replace("T", " ")],
    ["files", `${whole(node.process.files)} of ${whole(node.process.files_max)}`],
    ["heap", `${bytes(node.process.heap_bytes)} of ${bytes(node.process.heap_max_bytes)}`],
  ];
  for (const [name, told] of Object.entries(node.metrics)) {
    if (typeof told === "number") {
      rows.push([name, tidy(told)]);
    } else if (told.buckets) {
      const p99 = numbers.quantile(told.buckets, last.bounds, 0.99);
      rows.push([name, p99 === null ? "none" : `p99 ${millis(p99)}`]);
    } else {
      rows.push([name, Object.entries(told).map(([word, count]) => `${word} ${tidy(count)}`).join(", ")]);
    }
  }
  table($("node-numbers"), ["what", "now"], rows);
  const can = drains && node.kind === "gateway";
  $("drain-token").hidden = !can;
  $("drain-button").hidden = !can;
}

$("node").addEventListener("close", () => (shown = null));
$("drain").addEventListener("submit", async (event) => {
  if (event.submitter?.value !== "drain") {
    return;
  }
  event.preventDefault();
  const token = new FormData($("drain")).get("token");
  const answer = await fetch(`/ops/nodes/${encodeURIComponent(shown)}/drain`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
  }).catch(() => null);
  $("drain-says").textContent =
    answer === null ? "This node does not answer."
      : answer.ok ? "It was asked to leave."
        : answer.status === 401 ? "That is not the token." : `It was not asked: ${answer.status}.`;
});

// --- Words and elements ----------------------------------------------------------------------------------------------

function table(into, head, rows) {
  const titles = element("tr");
  titles.append(...head.map((title) => element("th", title.startsWith("#") ? "number" : "", title.replace("#", ""))));
  const lines = rows.map((row) => {
    const line = element("tr");
    line.append(...row.map((cell, i) => {
      const box = element("td", head[i].startsWith("#") ? "number" : "");
      box.append(cell);
      return box;
    }));
    return line;
  });
  fill(into, [titles, ...lines]);
}

/** What is focused stays so: the page is told anew every two seconds. */
function fill(into, children) {
  const focused = into.contains(document.activeElement) ? document.activeElement.textContent : null;
  into.replaceChildren(...children);
  if (focused !== null) {
    [...into.querySelectorAll("button")].find((button) => button.textContent === focused)?.focus();
  }
}

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  made.textContent = text;
  return made;
}

function progress(share) {
  const box = element("span");
  const bar = element("meter");
  bar.value = share;
  box.append(bar, ` ${percent(share)}`);
  return box;
}

const whole = (number) => Math.round(number).toLocaleString("en");
const tidy = (number) => (Number.isInteger(number) ? whole(number) : number.toPrecision(3));
const percent = (share) => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;
const millis = (seconds) => (seconds === null ? "–" : `${(seconds * 1000).toFixed(seconds < 0.1 ? 1 : 0)} ms`);
function bytes(count) {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let unit = 0;
  while (count >= 1024 && unit < units.length - 1) {
    count /= 1024;
    unit++;
  }
  return `${count < 10 && unit > 0 ? count.toFixed(1) : Math.round(count)} ${units[unit]}`;
}
