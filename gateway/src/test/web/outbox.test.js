import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "./sdk.js";
import { ManualWorld, Node, problem } from "./world.js";

const POSTS = ["POST", "/v1/rooms/lobby/messages"];

async function scene(node = new Node()) {
  const world = new ManualWorld(node.answer);
  const client = connect({ url: "http://a", token: "token-of-ada" }, world);
  const room = client.room("lobby");
  await world.settle();
  return { node, world, client, room, texts: () => room.messages.map(({ text }) => text) };
}

test("what is sent is seen at once, and stands in the room once", async () => {
  const { room, texts, world } = await scene();

  const sent = room.send("hello");
  assert.deepEqual(room.outbox.map(({ draft, status }) => [draft.text, status]), [["hello", "sending"]]);
  await world.settle();

  assert.equal((await sent).number, 1);
  assert.deepEqual(texts(), ["hello"]);
  assert.deepEqual(room.outbox, []);
});

test("a lost answer is asked for again under the same key, and makes no second message", async () => {
  const { node, room, texts, world } = await scene();
  let lost = true;
  node.refuse = (request) => {
    if (request.method === "POST" && lost) {
      lost = false;
      node.refuse = () => null;
      node.answer(request);
      throw new TypeError("the answer was lost");
    }
    return null;
  };
  node.streams.forEach((stream) => (stream.hears = () => false));

  const sent = room.send("hello");
  await world.advance(5_000);

  const posts = world.asked(...POSTS);
  assert.equal(posts.length, 2);
  assert.equal(posts[0].body.client_msg_id, posts[1].body.client_msg_id);
  assert.equal((await sent).text, "hello");
  assert.deepEqual(texts(), ["hello"]);
  assert.equal(node.log.length, 1);
});

test("a message that the stream tells of before it is answered is no longer on its way", async () => {
  const { node, room, texts, world } = await scene();
  node.refuse = (request) => {
    if (request.method !== "POST") {
      return null;
    }
    node.refuse = () => null;
    node.answer(request);
    return new Promise(() => {});
  };

  const sent = room.send("hello");
  await world.settle();

  assert.deepEqual(room.outbox, []);
  assert.equal((await sent).text, "hello");
  assert.deepEqual(texts(), ["hello"]);
});

test("messages go out one after the other, in the order they were written", async () => {
  const { node, room, texts, world } = await scene();
  node.down = true;
  room.send("one");
  room.send("two");
  room.send("three");
  await world.advance(10_000);
  node.down = false;
  await world.advance(60_000);

  assert.deepEqual(texts(), ["one", "two", "three"]);
});

test("a refusal is told and stops nothing that comes after it", async () => {
  const { node, room, texts, world } = await scene();
  node.refuse = ({ method, body }) =>
    method === "POST" && body.text === "bad" ? problem(422, "message-rejected") : null;

  const bad = assert.rejects(room.send("bad"), { code: "message-rejected" });
  room.send("good");
  await world.settle();

  await bad;
  assert.deepEqual(texts(), ["good"]);
  assert.deepEqual(room.outbox.map(({ status }) => status), ["failed"]);
  room.discard(room.outbox[0].key);
  assert.deepEqual(room.outbox, []);
});

test("who writes too fast waits as long as the server says", async () => {
  const { node, room, texts, world } = await scene();
  node.refuse = ({ method }) =>
    method === "POST" ? problem(429, "slow-mode", { "Retry-After": "30" }) : null;
  room.send("patience");
  await world.settle();
  node.refuse = () => null;

  await world.advance(29_000);
  assert.deepEqual(texts(), []);
  await world.advance(1_000);
  assert.deepEqual(texts(), ["patience"]);
});

test("after an hour history is asked whether it arrived, and nothing is sent twice", async () => {
  const { node, room, texts, world } = await scene();
  node.refuse = (request) => {
    if (request.method === "POST") {
      node.refuse = () => null;
      node.answer(request);
      node.kill();
      throw new TypeError("the answer was lost");
    }
    return null;
  };
  room.send("hello");
  await world.advance(1_000);
  world.sleep(2 * 3_600_000);
  node.forgetKeys();
  node.down = false;
  await world.wake();

  assert.equal(world.asked(...POSTS).length, 1);
  assert.equal(node.log.length, 1);
  assert.deepEqual(texts(), ["hello"]);
  assert.deepEqual(room.outbox, []);
});

test("what history does not have after an hour is asked of a person", async () => {
  const { node, room, texts, world } = await scene();
  node.kill();
  room.send("hello");
  await world.advance(1_000);
  world.sleep(2 * 3_600_000);
  node.down = false;
  await world.wake();

  assert.deepEqual(room.outbox.map(({ status }) => status), ["unsure"]);
  assert.equal(node.log.length, 0);

  room.retry(room.outbox[0].key);
  await world.settle();
  assert.deepEqual(texts(), ["hello"]);
});

test("a sender whom nobody knows is told so", async () => {
  const node = new Node();
  node.users.clear();
  const { room } = await scene(node);

  await assert.rejects(room.send("hello"), { status: 401, code: "unauthenticated" });
});
