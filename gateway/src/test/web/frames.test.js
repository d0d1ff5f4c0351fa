import assert from "node:assert/strict";
import { test } from "node:test";
import { Frames } from "../../main/web/sdk/frames.js";

test("frames are the same however the bytes were cut", () => {
  const text =
    "retry: 1873\nevent: hello\ndata: {\"node\":\"gw-1\"}\n\n:\n:\r\nid: 1-0\r\ndata: {\"text\":\"a: b\"}\r\n\r\nid: 2-0\ndata: {\"a\":\ndata: 1}\n\n";
  const expected = [
    { name: "hello", id: null, retryMs: 1873, data: { node: "gw-1" } },
    { name: "message", id: "1-0", retryMs: null, data: { text: "a: b" } },
    { name: "message", id: "2-0", retryMs: null, data: { a: 1 } },
  ];

  assert.deepEqual(new Frames().take(text), expected);
  for (let size = 1; size < 20; size++) {
    const frames = new Frames();
    const got = [];
    for (let at = 0; at < text.length; at += size) {
      got.push(...frames.take(text.slice(at, at + size)));
    }
    assert.deepEqual(got, expected, "in pieces of " + size);
  }
});

test("a line that never ends is not waited for", () => {
  const frames = new Frames();
  assert.throws(() => {
    for (let i = 0; i < 20; i++) {
      frames.take("x".repeat(100_000));
    }
  });
});
