import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "./sdk.js";
import { ManualWorld, Node } from "./world.js";

/** As browsers have it, over the fetch of a world: no headers, and a last id that stays. */
function eventSourceOf(world) {
  return class EventSource extends EventTarget {
    #abort = new AbortController();

    constructor(url) {
      super();
      this.#listen(url).catch(() => this.onerror?.());
    }

    async #listen(url) {
      const { body } = await world.fetch(url, { signal: this.#abort.signal });
      let text = "";
      let lastEventId = "";
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        const blocks = (text + chunk).split("\n\n");
        text = blocks.pop();
        for (const block of blocks) {
          const field = (name) => new RegExp("^" + name + ": (.*)$", "m").exec(block)?.[1];
          lastEventId = field("id") ?? lastEventId;
          const event = new Event(field("event") ?? "message");
          this.dispatchEvent(Object.assign(event, { data: field("data"), lastEventId }));
        }
      }
      throw new Error("ended");
    }

    close() {
      this.#abort.abort();
    }
  };
}

async function scene(node = new Node()) {
  const world = new ManualWorld(node.answer);
  world.EventSource = eventSourceOf(world);
  const tickets = [];
  const ticketProvider = async (rooms) => tickets.push(rooms) && "ticket-" + tickets.length;
  const client = connect({ url: "http://a", token: "token-of-ada", ticketProvider }, world);
  const room = client.room("lobby");
  await world.settle();
  return { node, world, client, room, tickets };
}

const texts = (room) => room.messages.map(({ text }) => text);

test("with tickets it listens by EventSource, and sends no token in an address", async () => {
  const { node, world, client, room, tickets } = await scene();
  node.say("lobby", "hello");
  await world.settle();

  assert.deepEqual([client.status.state, client.status.transport, texts(room)], ["live", "eventsource", ["hello"]]);
  assert.deepEqual(tickets, [["lobby"]]);
  const [{ query, headers }] = world.asked("GET", "/v1/events");
  assert.equal(query.ticket, "ticket-1");
  assert.deepEqual(headers, {});
});

test("it comes back with a new ticket and the cursor it had, and misses nothing", async () => {
  const { node, world, room, tickets } = await scene();
  node.say("lobby", "one");
  await world.settle();
  node.kill();
  await world.settle();
  node.say("lobby", "two");
  node.down = false;
  await world.advance(5_000);

  assert.deepEqual(texts(room), ["one", "two"]);
  assert.ok(tickets.length >= 2);
});

test("it leaves by itself when it is told goodbye", async () => {
  const { node, world, client } = await scene();
  node.bye("drain", 2_000);
  await world.settle();
  assert.equal(client.status.state, "live");

  await world.advance(2_000);
  assert.equal(world.asked("GET", "/v1/events").length, 2);
  assert.equal(client.status.state, "live");
});

test("what is told once has no id, and moves no cursor", async () => {
  const { node, world, room } = await scene();
  node.say("lobby", "one");
  await world.settle();
  const data = { type: "typing", room: "lobby", by: { id: "bob", name: "Bob" }, data: { expires_in_s: 6 } };
  node.streams.forEach((stream) => stream.frame("typing", null, data));
  await world.settle();
  assert.deepEqual(room.typing, [{ id: "bob", name: "Bob" }]);

  node.say("lobby", "two");
  node.kill();
  node.down = false;
  await world.advance(5_000);
  assert.deepEqual(texts(room), ["one", "two"]);
});

test("where no event comes in three seconds it polls", async () => {
  const node = new Node();
  node.buffers = true;
  const { world, client, room } = await scene(node);
  await world.advance(3_500);
  node.say("lobby", "hello");
  await world.settle();

  assert.deepEqual([client.status.transport, texts(room)], ["poll", ["hello"]]);
});
