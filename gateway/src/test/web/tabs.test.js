import assert from "node:assert/strict";
import { test } from "node:test";
import { Browser } from "./browser.js";
import { connect } from "./sdk.js";
import { Node, problem, tokenOf } from "./world.js";

const NOW = 1_700_000_000_000;
const ADA = tokenOf("ada", 3_600, NOW);

/** A tab with one room. */
async function open(browser, { room = "lobby", token = ADA } = {}) {
  const world = browser.open();
  const client = connect({ url: "http://a", token }, world);
  const opened = client.room(room);
  await browser.settle();
  return { world, client, room: opened, texts: () => opened.messages.map(({ text }) => text) };
}

test("ten tabs share one stream, and all of them are live", async () => {
  const node = new Node();
  const browser = new Browser(node.answer);
  const tabs = [];
  for (let i = 0; i < 10; i++) {
    tabs.push(await open(browser));
  }

  node.say("lobby", "hello");
  await browser.settle();

  assert.equal(node.streams.size, 1);
  for (const { client, texts } of tabs) {
    assert.deepEqual(texts(), ["hello"]);
    assert.deepEqual([client.status.state, client.status.node], ["live", "gw-1"]);
  }
});

test("tabs in different rooms share it too, and each hears its own", async () => {
  const node = new Node();
  const browser = new Browser(node.answer);
  const lobby = await open(browser);
  const kitchen = await open(browser, { room: "kitchen" });
  const heard = [];
  lobby.client.on("event", ({ room }) => heard.push(room));

  node.say("lobby", "hello");
  node.say("kitchen", "soup");
  await browser.settle();

  assert.equal(node.streams.size, 1);
  assert.deepEqual([...node.streams][0].rooms, ["kitchen", "lobby"]);
  assert.deepEqual([lobby.texts(), kitchen.texts()], [["hello"], ["soup"]]);
  assert.deepEqual(heard, ["lobby"]);
});

test("tabs that follow their rooms share a stream that names none, and all hear the inbox", async () => {
  const node = new Node();
  node.mine = [{ id: "kitchen", title: "", last_number: 0, unread: 0, read: { id: "0-0", number: 0 } }];
  const browser = new Browser(node.answer);
  const worlds = [browser.open(), browser.open(), browser.open()];
  const clients = worlds.map((world) => connect({ url: "http://a", token: ADA, follow: true }, world));
  await browser.settle();
  const heard = clients.map(() => []);
  clients.forEach((client, i) => client.on("app.order.shipped", ({ data }) => heard[i].push(data.order)));

  node.happen("@ada", "app.order.shipped", { order: 1815 });
  node.say("kitchen", "soup");
  await browser.settle();

  assert.equal(node.streams.size, 1);
  assert.equal(worlds.flatMap((world) => world.asked("GET", "/v1/events")).at(-1).query.rooms, undefined);
  assert.deepEqual(heard, [[1815], [1815], [1815]]);
  assert.deepEqual(clients.map((client) => client.rooms[0].unread), [1, 1, 1]);
});

test("a leader that closes hands over without a loss", async () => {
  const node = new Node();
  const browser = new Browser(node.answer);
  const first = await open(browser);
  const others = [await open(browser), await open(browser, { room: "kitchen" })];
  node.say("lobby", "one");
  await browser.settle();

  first.client.close();
  node.say("lobby", "two");
  node.say("kitchen", "soup");
  await browser.settle();
  node.say("lobby", "three");
  await browser.settle();

  assert.equal(node.streams.size, 1);
  assert.deepEqual(others.map(({ texts }) => texts()), [["one", "two", "three"], ["soup"]]);
  assert.equal(others[0].client.status.state, "live");
});

test("a leader that crashes does too", async () => {
  const node = new Node();
  const browser = new Browser(node.answer);
  const first = await open(browser);
  const second = await open(browser);
  node.say("lobby", "one");
  await browser.settle();

  node.streams.clear();
  node.say("lobby", "two");
  await browser.crash(first.world);
  await browser.settle();

  assert.equal(node.streams.size, 1);
  assert.deepEqual(second.texts(), ["one", "two"]);
});

test("a room is not given up before the leader knew of it", async () => {
  const node = new Node();
  const browser = new Browser(node.answer);
  const first = await open(browser);
  const world = browser.open();
  const client = connect({ url: "http://a", token: ADA }, world);
  const kitchen = client.room("kitchen");
  const lobby = client.room("lobby");
  node.refuse = (request) => {
    const { path } = request;
    if (path === "/v1/rooms/kitchen/snapshot") {
      // Behind the back of the stream that there is, which does not cover the kitchen.
      node.refuse = () => null;
      const before = node.answer(request);
      node.say("kitchen", "soup");
      node.say("lobby", "hello");
      return before;
    }
    return null;
  };
  await world.settle();
  await browser.crash(first.world);
  await world.settle();

  assert.deepEqual(kitchen.messages.map(({ text }) => text), ["soup"]);
  assert.deepEqual(lobby.messages.map(({ text }) => text), ["hello"]);
});

test("a tab that vanished is listened for no longer", async () => {
  const node = new Node();
  const browser = new Browser(node.answer);
  await open(browser);
  const kitchen = await open(browser, { room: "kitchen" });
  await browser.crash(kitchen.world);

  await browser.advance(16_000);

  assert.deepEqual([...node.streams].map(({ rooms }) => rooms), [["lobby"]]);
});

test("a reset reaches every tab", async () => {
  const node = new Node();
  const browser = new Browser(node.answer);
  const tabs = [await open(browser), await open(browser)];
  const reasons = [];
  tabs.forEach(({ room }) => room.on("reset", ({ reason }) => reasons.push(reason)));

  node.kill();
  node.trimmed = node.say("lobby", "gone from the stream").id;
  node.say("lobby", "still there");
  node.down = false;
  await browser.advance(3_000);

  assert.deepEqual(reasons, ["trimmed", "trimmed"]);
  tabs.forEach(({ texts }) => assert.deepEqual(texts(), ["gone from the stream", "still there"]));
});

test("people who share a browser share nothing else", async () => {
  const node = new Node();
  const browser = new Browser(node.answer);
  await open(browser);
  await open(browser, { token: tokenOf("bob", 3_600, NOW) });

  assert.equal(node.streams.size, 2);
});

test("a leader whose token is refused lets another tab try", async () => {
  const node = new Node();
  const old = tokenOf("ada", 3_600, NOW - 5_000);
  const browser = new Browser(node.answer);
  const first = await open(browser, { token: old });
  const second = await open(browser);
  node.refuse = ({ headers }) =>
    headers.Authorization === "Bearer " + old ? problem(401, "token-expired") : null;

  node.bye("expired", 100);
  await browser.advance(5_000);
  node.say("lobby", "hello");
  await browser.settle();

  assert.deepEqual([second.texts(), first.texts()], [["hello"], ["hello"]]);
  assert.equal(first.client.status.state, "live");
});

test("the last tab that closes leaves nothing behind", async () => {
  const node = new Node();
  const browser = new Browser(node.answer);
  const tabs = [await open(browser), await open(browser)];

  tabs.forEach(({ client }) => client.close());
  await browser.settle();

  assert.equal(node.streams.size, 0);
  assert.deepEqual(browser.tabs.map(({ timers }) => timers), [0, 0]);
});
