import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "./sdk.js";
import { ManualWorld, Node, problem, tokenOf } from "./world.js";

/** A client in a room of a node, both ready. */
async function scene({ node = new Node(), url = "http://a", ...options } = {}) {
  const world = new ManualWorld(node.answer);
  const client = connect({ url, token: "token-of-ada", ...options }, world);
  const states = [];
  client.on("status", ({ state }) => states.at(-1) !== state && states.push(state));
  const room = client.room("lobby");
  await world.settle();
  return { node, world, client, room, states, texts: () => room.messages.map(({ text }) => text) };
}

test("a room shows its history, and then what is said, as it is said", async () => {
  const node = new Node();
  node.say("lobby", "before");
  const { client, texts, world } = await scene({ node });

  node.say("lobby", "live");
  node.say("kitchen", "elsewhere");
  await world.settle();

  assert.deepEqual(texts(), ["before", "live"]);
  assert.deepEqual(client.status, { state: "live", transport: "sse", node: "gw-1", error: null });
});

test("what is said between the reading of history and the opening of the stream is told once", async () => {
  const node = new Node();
  node.refuse = ({ path }) => {
    if (path === "/v1/events") {
      node.refuse = () => null;
      node.say("lobby", "during");
    }
    return null;
  };
  const { texts } = await scene({ node });

  assert.deepEqual(texts(), ["during"]);
});

test("a killed node costs a pause, and neither a message nor a second sight of one", async () => {
  const { node, states, texts, world } = await scene();
  node.say("lobby", "one");
  await world.settle();

  node.kill();
  await world.settle();
  node.down = false;
  node.say("lobby", "two");
  await world.advance(3_000);

  assert.deepEqual(texts(), ["one", "two"]);
  assert.deepEqual(states, ["connecting", "live", "reconnecting", "live"]);
});

test("a stream resumes from the last id it had", async () => {
  const { node, world } = await scene();
  const { id } = node.say("lobby", "one");
  await world.settle();

  node.kill();
  node.down = false;
  await world.advance(3_000);

  assert.equal(world.asked("GET", "/v1/events").at(-1).headers["Last-Event-ID"], id);
});

test("pauses grow to half a minute, differ by chance, and end when somebody answers", async () => {
  const { node, world } = await scene();
  node.kill();
  await world.settle();

  const tries = () => world.asked("GET", "/v1/events").length;
  const before = tries();
  await world.advance(10 * 60_000);
  const slow = tries() - before;
  assert.ok(slow > 15 && slow < 40, slow + " attempts in ten minutes");

  world.randomness = 0;
  node.down = false;
  await world.advance(30_000);
  assert.equal(node.streams.size, 1);
});

test("the first pause is what the server asked for with retry", async () => {
  const { node, world } = await scene();
  world.randomness = 1;
  node.kill();
  await world.settle();
  node.down = false;

  await world.advance(1_999);
  assert.equal(node.streams.size, 0);
  await world.advance(1);
  assert.equal(node.streams.size, 1);
});

test("whoever is told goodbye leaves by itself and comes back when it was told to", async () => {
  const { node, states, world } = await scene();

  node.bye("drain", 2_411);
  await world.advance(2_400);
  assert.equal(node.streams.size, 0);
  await world.advance(11);

  assert.equal(node.streams.size, 1);
  assert.deepEqual(states, ["connecting", "live", "reconnecting", "live"]);
});

test("a node that freezes is left after two and a half heartbeats", async () => {
  const { node, world } = await scene();
  await world.advance(17_000);
  node.heartbeat();
  await world.advance(42_000);
  assert.equal(world.asked("GET", "/v1/events").filter(({ query }) => !("wait" in query)).length, 1);

  await world.advance(3_000);
  assert.equal(world.asked("GET", "/v1/events").filter(({ query }) => !("wait" in query)).length, 2);
});

test("of several addresses the next one is asked first", async () => {
  const nodes = { "http://a": new Node(), "http://b": new Node() };
  nodes["http://b"].log = nodes["http://a"].log;
  const world = new ManualWorld((request) => nodes[request.origin].answer(request));
  const client = connect({ url: ["http://a", "http://b"] }, world);
  client.room("lobby");
  await world.settle();

  nodes["http://a"].kill();
  await world.advance(300);

  assert.equal(nodes["http://b"].streams.size, 1);
  assert.equal(client.status.state, "live");
});

test("several requests that fail at one address turn to the next one, and not back", async () => {
  const nodes = { "http://a": new Node(), "http://b": new Node() };
  nodes["http://b"].log = nodes["http://a"].log;
  const world = new ManualWorld((request) => nodes[request.origin].answer(request));
  const client = connect({ url: ["http://a", "http://b"], token: "token-of-ada" }, world);
  const room = client.room("lobby");
  await world.settle();

  nodes["http://a"].kill();
  room.send("hello");
  await world.advance(300);

  assert.equal(nodes["http://b"].streams.size, 1);
});

// --- Polls -------------------------------------------------------------------------------------

test("behind a proxy that buffers it is live by long poll within four seconds, and says so", async () => {
  const node = new Node();
  node.buffers = true;
  const { client, texts, world } = await scene({ node });

  await world.advance(4_000);
  assert.deepEqual([client.status.state, client.status.transport], ["live", "poll"]);
  node.say("lobby", "polled");
  await world.settle();
  node.say("lobby", "again");
  await world.settle();

  assert.deepEqual(texts(), ["polled", "again"]);
});

test("who polls tries a stream again later, and polls on meanwhile", async () => {
  const node = new Node();
  node.buffers = true;
  const { client, texts, world } = await scene({ node });
  await world.advance(4_000);
  node.buffers = false;

  for (let second = 0; second < 150; second += 10) {
    await world.advance(10_000);
    node.say("lobby", "at " + second);
    await world.settle();
  }

  assert.equal(client.status.transport, "sse");
  assert.equal(texts().length, 15);
});

test("a poll whose cursor is none of ours reads the room anew", async () => {
  const node = new Node();
  node.buffers = true;
  const { client, room, texts, world } = await scene({ node });
  await world.advance(4_000);
  const reasons = [];
  room.on("reset", ({ reason }) => reasons.push(reason));

  node.refuse = ({ query }) => {
    if (query.since === undefined) {
      return null;
    }
    node.refuse = () => null;
    return problem(400, "cursor-invalid");
  };
  node.say("lobby", "one");
  await world.settle();
  node.say("lobby", "two");
  await world.settle();

  assert.deepEqual(reasons, ["cursor"]);
  assert.deepEqual(texts(), ["one", "two"]);
  assert.equal(client.status.state, "live");
});

test("who takes none of the cursors that it gave is not asked for ever", async () => {
  const node = new Node();
  node.buffers = true;
  const { client, world } = await scene({ node });
  await world.advance(4_000);
  node.refuse = ({ query }) => (query.since === undefined ? null : problem(400, "cursor-invalid"));

  node.say("lobby", "a poll ends");
  await world.settle();

  assert.deepEqual([client.status.state, client.status.error.code], ["refused", "cursor-invalid"]);
});

// --- Resets ------------------------------------------------------------------------------------

test("who missed what is gone is told once, and sees the room as it is", async () => {
  const { node, room, texts, world } = await scene();
  node.say("lobby", "one");
  await world.settle();
  const reasons = [];
  room.on("reset", ({ reason }) => reasons.push(reason));

  node.kill();
  node.say("lobby", "two");
  node.trimmed = node.say("lobby", "three").id;
  node.down = false;
  await world.advance(3_000);
  node.say("lobby", "four");
  await world.settle();

  assert.deepEqual(reasons, ["trimmed"]);
  assert.deepEqual(texts(), ["one", "two", "three", "four"]);
});

// --- Several rooms -----------------------------------------------------------------------------

test("a room that is opened later joins the stream without a loss in either", async () => {
  const { node, client, texts, world } = await scene();
  node.say("lobby", "one");
  const kitchen = client.room("kitchen");
  node.say("kitchen", "soup");
  await world.settle();
  node.say("lobby", "two");
  node.say("kitchen", "bread");
  await world.settle();

  assert.deepEqual(texts(), ["one", "two"]);
  assert.deepEqual(kitchen.messages.map(({ text }) => text), ["soup", "bread"]);
  assert.deepEqual([...node.streams].map(({ rooms }) => rooms), [["kitchen", "lobby"]]);
});

test("a room more is no reason to say that the line was lost", async () => {
  const { client, states, world } = await scene();

  client.room("kitchen");
  await world.settle();

  assert.deepEqual(states, ["connecting", "live"]);
});

test("a room that is left is listened to no longer", async () => {
  const { node, client, world } = await scene();
  client.room("kitchen");
  await world.settle();

  client.leave("lobby");
  await world.settle();

  assert.deepEqual([...node.streams].map(({ rooms }) => rooms), [["kitchen"]]);
});

test("events of the site's own reach who waits for them", async () => {
  const { node, client, world } = await scene();
  const shipped = [];
  client.on("app.order.shipped", ({ data }) => shipped.push(data.order));

  node.happen("lobby", "app.order.shipped", { order: 4711 });
  await world.settle();

  assert.deepEqual(shipped, [4711]);
});

test("a listener that throws takes nothing from the others", async (t) => {
  const { node, client, texts, world } = await scene();
  const told = t.mock.method(console, "error", () => {});
  client.on("event", () => {
    throw new Error("not mine to care");
  });

  node.say("lobby", "one");
  await world.settle();

  assert.deepEqual(texts(), ["one"]);
  assert.equal(told.mock.callCount(), 1);
});

// --- Networks that come and go -----------------------------------------------------------------

test("offline is said, and the moment the network is back ends the wait", async () => {
  const { node, client, texts, world } = await scene();
  node.kill();
  world.online = false;
  await world.wake();
  assert.equal(client.status.state, "offline");

  for (let i = 0; i < 500; i++) {
    node.say("lobby", "missed " + i);
  }
  await world.advance(60_000);
  node.down = false;
  world.online = true;
  await world.wake();

  assert.equal(client.status.state, "live");
  assert.deepEqual(texts(), Array.from({ length: 500 }, (_, i) => "missed " + i));
});

test("a machine that slept does not trust its line", async () => {
  const { node, texts, world } = await scene();
  node.frozen = true; // the other end is long gone
  world.sleep(3_600_000);
  node.streams.clear();
  node.say("lobby", "while it slept");
  node.frozen = false;
  await world.wake();

  assert.deepEqual(texts(), ["while it slept"]);
});

test("a page that is looked at again leaves a living line alone", async () => {
  const { world } = await scene();
  const before = world.requests.length;

  await world.wake();

  assert.equal(world.requests.length, before);
});

// --- Who it is ---------------------------------------------------------------------------------

test("a token is fetched anew before it ends, and the stream goes on under the new one", async () => {
  let fetched = 0;
  const node = new Node();
  const world = new ManualWorld(node.answer);
  const tokenProvider = async () => tokenOf("ada" + ++fetched, 600, world.now());
  const client = connect({ url: "http://a", tokenProvider }, world);
  client.room("lobby");
  await world.settle();
  assert.equal(fetched, 1);

  for (let beat = 0; beat < 32; beat++) {
    await world.advance(17_000);
    node.heartbeat();
  }

  assert.equal(fetched, 2);
  assert.equal(client.status.state, "live");
  assert.equal(node.streams.size, 1);
});

test("a browser whose clock is wrong fetches no more tokens than another", async () => {
  let fetched = 0;
  const node = new Node();
  const world = new ManualWorld(node.answer);
  const yesterday = world.now() - 86_400_000;
  const tokenProvider = async () => {
    fetched++;
    return tokenOf("ada", 600, yesterday);
  };
  connect({ url: "http://a", tokenProvider }, world).room("lobby");
  await world.settle();

  assert.equal(fetched, 1);
});

test("a token that is refused is replaced once; a second refusal is told and not repeated", async () => {
  let fetched = 0;
  const node = new Node();
  const { client, world } = await scene({ node, token: undefined, tokenProvider: async () => "t" + ++fetched });
  await world.advance(1_000);
  node.refuse = () => problem(401, "unauthenticated");
  node.bye("expired", 100);
  await world.advance(600_000);

  assert.equal(client.status.state, "refused");
  assert.equal(client.status.error.code, "unauthenticated");
  assert.equal(fetched, 3);

  node.refuse = () => null;
  client.wake();
  await world.settle();
  assert.equal(client.status.state, "live");
});

test("who logs in goes on under the new token, and misses nothing meanwhile", async () => {
  let token = null;
  const node = new Node();
  const { client, room, states, texts, world } = await scene({ node, token: undefined, tokenProvider: async () => token });
  node.say("lobby", "one");
  await world.settle();

  token = "token-of-ada";
  client.renewToken();
  node.say("lobby", "two");
  await world.settle();
  await room.send("three");
  await world.settle();

  assert.deepEqual(texts(), ["one", "two", "three"]);
  assert.equal(world.asked("GET", "/v1/events").at(-1).headers.Authorization, "Bearer token-of-ada");
  assert.equal(node.streams.size, 1);
  assert.equal(states.at(-1), "live");
});

test("who may not read a room is told why", async () => {
  const node = new Node();
  node.refuse = () => problem(403, "not-a-member");
  const { room } = await scene({ node });

  assert.equal(room.state, "refused");
  assert.equal(room.problem.code, "not-a-member");
  assert.equal(room.problem.message, "because of not-a-member");
});

test("a node that has too much to do is left in peace for as long as it says", async () => {
  const node = new Node();
  node.buffers = true;
  const { world } = await scene({ node });
  await world.advance(4_000);
  node.refuse = () => problem(503, "overloaded", { "Retry-After": "20" });
  node.say("lobby", "a poll ends");
  await world.settle();

  const before = world.requests.length;
  await world.advance(19_900);
  assert.equal(world.requests.length, before);
  await world.advance(200);
  assert.equal(world.requests.length, before + 1);
});

test("a client that was closed is gone: no stream, no timer", async () => {
  const { node, client, world } = await scene();

  client.close();
  await world.settle();

  assert.equal(node.streams.size, 0);
  assert.equal(world.timers, 0);
  assert.equal(client.status.state, "closed");
});
