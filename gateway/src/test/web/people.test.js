import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "./sdk.js";
import { json, ManualWorld, Node, tokenOf } from "./world.js";

async function scene(node = new Node(), options = {}) {
  const world = new ManualWorld(node.answer);
  const token = tokenOf("ada", 3_600, world.now());
  node.users.set(token, { id: "ada", name: "Ada", kind: "member" });
  const client = connect({ url: "http://a", token, ...options }, world);
  const room = client.room("lobby");
  await world.settle();
  return { node, world, client, room };
}

const bob = { id: "bob", name: "Bob" };
const eve = { id: "eve", name: "Eve" };

function passing(node, type, data, room = "lobby") {
  node.streams.forEach((stream) => stream.frame(type, null, { type, room, at: "2026-03-01T12:00:00Z", by: bob, data }));
}

// --- Who is here ---

test("who is here is read once one listens, and kept by what is told", async () => {
  const { node, world, room } = await scene();
  node.present = { version: 7, count: 1, users: [bob] };
  await world.advance(1_000);
  assert.deepEqual([room.presence.count, room.presence.users], [1, [bob]]);

  passing(node, "presence", { version: 8, count: 2, joined: [eve], left: [] });
  passing(node, "presence", { version: 9, count: 1, joined: [], left: [bob] });
  passing(node, "presence", { version: 9, count: 1, joined: [], left: [bob] });
  await world.settle();

  assert.deepEqual([room.presence.count, room.presence.users], [1, [eve]]);
});

test("where a change of who is here was missed, all of it is read again", async () => {
  const { node, world, room } = await scene();
  node.present = { version: 7, count: 1, users: [bob] };
  await world.advance(1_000);
  node.present = { version: 9, count: 2, users: [bob, eve] };
  passing(node, "presence", { version: 9, count: 2, joined: [eve], left: [] });
  await world.advance(1_000);

  assert.deepEqual(room.presence.users, [bob, eve]);
});

test("of a crowd only the number is known", async () => {
  const { node, world, room } = await scene();
  await world.advance(1_000);
  passing(node, "presence", { version: 400, count: 300 });
  await world.settle();

  assert.deepEqual([room.presence.count, room.presence.users], [300, []]);
});

// --- Who writes ---

test("who writes is known until it ends, or until it is said", async () => {
  const { node, world, room } = await scene();
  passing(node, "typing", { expires_in_s: 6 });
  await world.settle();
  assert.deepEqual(room.typing, [bob]);

  await world.advance(6_000);
  assert.deepEqual(room.typing, []);

  passing(node, "typing", { expires_in_s: 6 });
  await world.settle();
  node.say("lobby", "hello");
  await world.settle();
  assert.deepEqual(room.typing, []);
});

test("nobody is told of their own writing", async () => {
  const { node, world, room } = await scene();
  const data = { type: "typing", room: "lobby", by: { id: "ada", name: "Ada" }, data: { expires_in_s: 6 } };
  node.streams.forEach((stream) => stream.frame("typing", null, data));
  await world.settle();

  assert.deepEqual(room.typing, []);
});

test("however fast one writes, it is said every three seconds, and anew for the next message", async () => {
  const { world, room } = await scene();
  for (let i = 0; i < 10; i++) {
    room.type();
    await world.advance(500);
  }
  assert.equal(world.asked("POST", "/v1/rooms/lobby/typing").length, 2);

  room.send("hello");
  room.type();
  await world.settle();
  assert.equal(world.asked("POST", "/v1/rooms/lobby/typing").length, 3);
});

// --- What is read ---

test("what is read moves forward, is told now and then, and is what other devices have read too", async () => {
  const node = new Node();
  node.say("lobby", "one");
  node.say("lobby", "two");
  const { world, room } = await scene(node);
  assert.equal(room.unread, 2);

  room.markRead(room.messages[0]);
  assert.equal(room.unread, 1);
  room.markRead();
  room.markRead(room.messages[0]);
  assert.equal(room.unread, 0);
  await world.advance(5_000);
  const told = world.asked("PUT", "/v1/rooms/lobby/read");
  assert.deepEqual(told.map(({ body }) => body), [{ id: room.messages[1].id }]);

  node.say("lobby", "three");
  node.say("lobby", "four");
  await world.settle();
  assert.equal(room.unread, 2);
});

test("what guests have read only their page knows", async () => {
  const node = new Node();
  node.role = "guest";
  node.say("lobby", "one");
  const { world, room } = await scene(node);
  room.markRead();
  await world.advance(5_000);

  assert.equal(room.unread, 0);
  assert.equal(world.asked("PUT", "/v1/rooms/lobby/read").length, 0);
});

// --- Pins, rights, and what moderators do ---

test("what is pinned is folded in, also of what was never loaded", async () => {
  const node = new Node();
  const old = node.say("lobby", "old");
  node.pins = [old];
  const { world, room } = await scene(node);
  const fresh = node.say("lobby", "fresh");
  node.happen("lobby", "message.pinned", { message_id: fresh.id });
  node.found = { id: "5-0", number: 1, text: "never loaded" };
  node.happen("lobby", "message.pinned", { message_id: "5-0" });
  node.happen("lobby", "message.unpinned", { message_id: old.id });
  await world.settle();

  assert.deepEqual(room.pins.map(({ text }) => text), ["fresh", "never loaded"]);
  assert.ok(room.pins.every(({ pinned }) => pinned));
});

test("what I may is read again when it changed, and the room's title is known at once", async () => {
  const { node, world, room } = await scene();
  node.can = ["read"];
  node.happen("lobby", "user.muted", { user_id: "eve" });
  await world.advance(2_000);
  assert.deepEqual(room.me.can, ["read", "post"]);

  node.happen("lobby", "user.muted", { user_id: "ada" });
  node.happen("lobby", "room.updated", { room: { title: "The lobby" } });
  await world.settle();
  assert.equal(room.info.title, "The lobby");
  await world.advance(2_000);
  assert.deepEqual(room.me.can, ["read"]);
});

test("what moderators do is asked for at its own address", async () => {
  const { node, room } = await scene();
  await room.join();
  await room.quit();
  await room.create({ access: "private" });
  await room.change({ topic: "tea" });
  await room.setMember("b/b", "moderator");
  await room.kick("b/b");
  await room.ban("bob", { duration_s: 60, reason: "spam" });
  await room.unban("bob");
  await room.mute("bob");
  await room.unmute("bob");
  await room.report("7-0", "rude");
  await room.emit("app.shown", { page: 1 }, false);
  await room.destroy();

  const lobby = "/v1/rooms/lobby";
  assert.deepEqual(node.orders.filter(([, path]) => !path.endsWith("presence")), [
    ["PUT", lobby + "/members/me", undefined],
    ["DELETE", lobby + "/members/me", undefined],
    ["PUT", lobby, { access: "private" }],
    ["PATCH", lobby, { topic: "tea" }],
    ["PUT", lobby + "/members/b/b", { role: "moderator" }],
    ["DELETE", lobby + "/members/b/b", undefined],
    ["PUT", lobby + "/bans/bob", { duration_s: 60, reason: "spam" }],
    ["DELETE", lobby + "/bans/bob", undefined],
    ["PUT", lobby + "/mutes/bob", {}],
    ["DELETE", lobby + "/mutes/bob", undefined],
    ["POST", lobby + "/messages/7-0/reports", { reason: "rude" }],
    ["POST", lobby + "/events", { type: "app.shown", data: { page: 1 }, durable: false }],
    ["DELETE", lobby, undefined],
  ]);
});

test("a message that was deleted before it was told has its place", async () => {
  const { node, world, room } = await scene();
  node.say("lobby", "one");
  node.happen("lobby", "message.deleted", { message: { id: "9-0", number: 2, room: "lobby", kind: "user", deleted_at: "2026-03-01T12:02:00Z" } });
  await world.settle();

  assert.deepEqual(room.messages.map(({ number }) => number), [1, 2]);
});

test("a reaction counts as many as the server says", async () => {
  const { node, world, room } = await scene();
  const { id } = node.say("lobby", "hello");
  node.happen("lobby", "reaction.added", { message_id: id, emoji: "👍", user_id: "bob", count: 40 });
  await world.settle();
  assert.equal(room.messages[0].reactions[0].count, 40);

  node.happen("lobby", "reaction.removed", { message_id: id, emoji: "👍", user_id: "bob", count: 0 });
  await world.settle();
  assert.deepEqual(room.messages[0].reactions, []);
});

// --- All my rooms ---

test("who follows their rooms names none, and the inbox is on the stream", async () => {
  const node = new Node();
  node.mine = [mine("kitchen", 3, 1)];
  const world = new ManualWorld(node.answer);
  const client = connect({ url: "http://a", token: tokenOf("ada", 3_600, world.now()), follow: true }, world);
  const told = [];
  client.on("rooms", (rooms) => told.push(rooms));
  await world.settle();

  const streams = world.asked("GET", "/v1/events");
  assert.equal(streams.at(-1).query.rooms, undefined);
  assert.deepEqual(client.rooms.map(({ id, unread }) => [id, unread]), [["kitchen", 2]]);
  assert.equal(told.length, 1);
});

test("a room of mine that I open costs no other stream; another one names all", async () => {
  const node = new Node();
  node.mine = [mine("kitchen", 0, 0)];
  const world = new ManualWorld(node.answer);
  const client = connect({ url: "http://a", token: tokenOf("ada", 3_600, world.now()), follow: true }, world);
  await world.settle();
  const before = world.asked("GET", "/v1/events").length;
  const kitchen = client.room("kitchen");
  await world.settle();
  const after = world.asked("GET", "/v1/events");
  assert.ok(after.length <= before + 1);
  assert.equal(after.at(-1).query.rooms, undefined);

  const lobby = client.room("lobby");
  await world.settle();
  assert.equal(world.asked("GET", "/v1/events").at(-1).query.rooms, "@me,kitchen,lobby");
  node.say("kitchen", "soup");
  node.say("lobby", "hello");
  await world.settle();
  assert.deepEqual([...kitchen.messages, ...lobby.messages].map(({ text }) => text), ["soup", "hello"]);
});

test("what is unread grows with what is said, and shrinks with what is read here and elsewhere", async () => {
  const node = new Node();
  node.mine = [mine("kitchen", 0, 0), mine("attic", 0, 0)];
  const world = new ManualWorld(node.answer);
  const client = connect({ url: "http://a", token: tokenOf("ada", 3_600, world.now()), follow: true }, world);
  await world.settle();
  const unread = () => client.rooms.map((room) => room.unread);
  node.say("kitchen", "one");
  node.say("attic", "two");
  await world.settle();
  assert.deepEqual(unread(), [1, 2]);

  const attic = client.room("attic");
  await world.settle();
  attic.markRead();
  assert.deepEqual(unread(), [1, 0]);

  passing(node, "read", { room: "kitchen", id: node.head, number: 1 }, "@ada");
  await world.settle();
  assert.deepEqual(unread(), [0, 0]);
});

test("who comes to belong to a room is told by their inbox, and sees it in the list", async () => {
  const node = new Node();
  node.mine = [];
  const world = new ManualWorld(node.answer);
  const client = connect({ url: "http://a", token: tokenOf("ada", 3_600, world.now()), follow: true }, world);
  await world.settle();
  assert.deepEqual(client.rooms, []);

  node.mine = [mine("attic", 0, 0)];
  node.happen("@ada", "room.added", { room: "attic" });
  await world.settle();
  assert.deepEqual(client.rooms.map(({ id }) => id), ["attic"]);
});

test("a direct room is asked for by its people", async () => {
  const { node, client } = await scene();
  node.refuse = ({ path, body }) => (path === "/v1/directs" ? json(201, { room: "dm.1", ...body }) : null);

  assert.deepEqual(await client.direct("bob"), { room: "dm.1", user_ids: ["bob"] });
});

function mine(id, last_number, number) {
  return { id, title: "", access: "open", role: "member", last_id: "1-0", last_number, unread: last_number - number, read: { id: "0-0", number } };
}
