import assert from "node:assert/strict";
import { test } from "node:test";
import { compareIds, connect } from "./sdk.js";
import { ManualWorld, Node } from "./world.js";

async function scene(node = new Node()) {
  const world = new ManualWorld(node.answer);
  const room = connect({ url: "http://a", token: "token-of-ada" }, world).room("lobby");
  await world.settle();
  return { node, world, room };
}

test("ids are compared as numbers, part by part", () => {
  assert.ok(compareIds("1772366400123-10", "1772366400123-9") > 0);
  assert.ok(compareIds("999-5", "1772366400123-0") < 0);
  assert.equal(compareIds("1-0", "1-0"), 0);
});

test("older messages are loaded page by page, up to the first", async () => {
  const node = new Node();
  for (let i = 1; i <= 120; i++) {
    node.say("lobby", String(i));
  }
  const { room } = await scene(node);
  assert.equal(room.messages.length, 50);

  await Promise.all([room.older(), room.older()]);
  assert.equal(room.messages.length, 100);
  await room.older();

  assert.equal(room.hasOlder, false);
  assert.deepEqual(room.messages.map(({ number }) => number), Array.from({ length: 120 }, (_, i) => i + 1));
});

test("where messages are missing before the first one, that is known", async () => {
  const node = new Node();
  node.say("lobby", "gone");
  node.kept = node.say("lobby", "kept").id;
  const { room } = await scene(node);

  assert.deepEqual([room.messages.length, room.gap, room.hasOlder], [1, true, false]);

  const whole = await scene();
  assert.deepEqual([whole.room.gap, whole.room.hasOlder], [false, false]);
});

test("a room knows what it is, and what I may do in it", async () => {
  const { room } = await scene();

  assert.equal(room.info.id, "lobby");
  assert.deepEqual(room.me, { role: "member", can: ["read", "post"] });
});

test("what is done to a message is asked for at its own address", async () => {
  const { node, room } = await scene();
  await room.edit("7-0", "hello");
  await room.react("7-0", "👍");
  await room.unreact("7-0", "👍");
  await room.pin("7-0");
  await room.unpin("7-0");
  await room.delete("7-0");

  const message = "/v1/rooms/lobby/messages/7-0";
  assert.deepEqual(node.orders, [
    ["PATCH", message, { text: "hello" }],
    ["PUT", message + "/reactions/👍", undefined],
    ["DELETE", message + "/reactions/👍", undefined],
    ["PUT", message + "/pin", undefined],
    ["DELETE", message + "/pin", undefined],
    ["DELETE", message, undefined],
  ]);
});

test("an edit keeps reactions and pin; a deletion leaves nothing of what was said", async () => {
  const { node, room, world } = await scene();
  const message = node.say("lobby", "helo");
  node.happen("lobby", "reaction.added", { message_id: message.id, emoji: "👍", user_id: "ada" });
  node.happen("lobby", "message.pinned", { message_id: message.id });
  node.happen("lobby", "message.updated", { message: { ...message, text: "hello", edited_at: "2026-03-01T12:01:00Z" } });
  await world.settle();

  const [edited] = room.messages;
  assert.equal(edited.text, "hello");
  assert.equal(edited.pinned, true);
  assert.deepEqual(edited.reactions, [{ emoji: "👍", count: 1, users: ["ada"] }]);

  const { id } = message;
  node.happen("lobby", "message.deleted", { message: { id, room: "lobby", deleted_at: "2026-03-01T12:02:00Z" } });
  await world.settle();
  const { text, reactions, pinned, number, deleted_at } = room.messages[0];
  assert.deepEqual([text, reactions, pinned, number], [undefined, undefined, undefined, 1]);
  assert.equal(deleted_at, "2026-03-01T12:02:00Z");
});

test("reactions count people, however often one of them reacts", async () => {
  const { node, room, world } = await scene();
  const { id } = node.say("lobby", "hello");
  const react = (kind, user_id, emoji = "👍") =>
    node.happen("lobby", "reaction." + kind, { message_id: id, emoji, user_id });
  react("added", "ada");
  react("added", "ada");
  react("added", "bob");
  react("added", "bob", "🎉");
  react("removed", "eve");
  react("removed", "ada");
  await world.settle();

  assert.deepEqual(room.messages[0].reactions, [
    { emoji: "👍", count: 1, users: ["bob"] },
    { emoji: "🎉", count: 1, users: ["bob"] },
  ]);

  react("removed", "bob");
  await world.settle();
  assert.deepEqual(room.messages[0].reactions, [{ emoji: "🎉", count: 1, users: ["bob"] }]);
});

test("of many who reacted only twenty are named, and all are counted", async () => {
  const { node, room, world } = await scene();
  const { id } = node.say("lobby", "hello");
  for (let user = 0; user < 25; user++) {
    node.happen("lobby", "reaction.added", { message_id: id, emoji: "👍", user_id: "u" + user });
  }
  node.happen("lobby", "reaction.removed", { message_id: id, emoji: "👍", user_id: "u24" });
  await world.settle();

  const [reaction] = room.messages[0].reactions;
  assert.equal(reaction.count, 24);
  assert.equal(reaction.users.length, 20);
});

test("what is told of a message that was never loaded, or of nothing known, does no harm", async () => {
  const { node, room, world } = await scene();
  node.say("lobby", "hello");
  node.happen("lobby", "message.deleted", { message: { id: "1-1", room: "lobby", deleted_at: "2026-03-01T12:00:00Z" } });
  node.happen("lobby", "reaction.added", { message_id: "1-1", emoji: "👍", user_id: "ada" });
  node.happen("lobby", "message.vanished", { why: "nobody knows" });
  await world.settle();

  assert.deepEqual(room.messages.map(({ text }) => text), ["hello"]);
});

test("a message that changed is another object, one that did not is the same", async () => {
  const { node, room, world } = await scene();
  const first = node.say("lobby", "one");
  node.say("lobby", "two");
  await world.settle();
  const before = room.messages;

  node.happen("lobby", "message.pinned", { message_id: first.id });
  await world.settle();

  assert.notEqual(room.messages[0], before[0]);
  assert.equal(room.messages[1], before[1]);
});
