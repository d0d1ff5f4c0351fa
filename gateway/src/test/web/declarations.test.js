// The declarations are written by hand: they are to name what there is, and nothing else.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { connect } from "./sdk.js";
import { ManualWorld, Node } from "./world.js";

const declared = await readFile(new URL("../../main/web/partyline.d.ts", import.meta.url), "utf8");

function declaredIn(name) {
  const [, body] = new RegExp("export interface " + name + " \\{\\n([\\s\\S]*?)\\n\\}").exec(declared);
  return new Set([...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[(:]/gm)].map(([, member]) => member));
}

function namesOf(object) {
  const own = Object.keys(object);
  return new Set([...own, ...Object.getOwnPropertyNames(Object.getPrototypeOf(object))]);
}

/** What the parts of the SDK call of each other. */
const INTERNAL = {
  Client: ["constructor"],
  Room: ["constructor", "cursor", "position", "load", "take", "reset", "refuse", "wake", "close", "meet"],
};

for (const [name, make] of [
  ["Client", (client) => client],
  ["Room", (client) => client.room("lobby")],
]) {
  test("a " + name + " is as it is declared", () => {
    const world = new ManualWorld(new Node().answer);
    const client = connect({ url: "http://a", token: "token-of-ada" }, world);
    const there = namesOf(make(client));
    INTERNAL[name].forEach((internal) => there.delete(internal));
    client.close();

    assert.deepEqual([...there].sort(), [...declaredIn(name)].sort());
  });
}

test("a status, a letter and a change are as they are declared", async () => {
  const world = new ManualWorld(new Node().answer);
  const client = connect({ url: "http://a", token: "token-of-ada" }, world);
  const room = client.room("lobby");
  const changes = [];
  room.on("change", (change) => changes.push(change));
  await world.settle();
  room.send("hello");

  assert.deepEqual(Object.keys(client.status).sort(), [...declaredIn("Status")].sort());
  declaredIn("Letter").forEach((member) => assert.ok(member in room.outbox[0], member));
  const kinds = /kind:((?:\s*\|?\s*"\w+")+)/.exec(declared)[1].match(/\w+/g);
  changes.forEach(({ kind }) => assert.ok(kinds.includes(kind), kind));
});
