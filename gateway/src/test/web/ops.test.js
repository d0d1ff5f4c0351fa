import assert from "node:assert/strict";
import { test } from "node:test";
import {
  classes, drained, growth, growths, imbalance, quantile, rooms, sum, timeline, value, verdict,
} from "../../main/resources/ops/numbers.js";

const started = "2026-01-01T00:00:00Z";

function node(name, streams, more = {}) {
  return { node: name, started, metrics: { partyline_streams_open: { stream: streams }, ...more } };
}

test("a metric is all its words, or one of them, or nothing yet", () => {
  const report = { metrics: { a: { x: 1, y: 2 }, b: 3 } };

  assert.deepEqual([value(report, "a"), value(report, "a", "y"), value(report, "b"), value(report, "c")], [3, 2, 3, 0]);
});

test("what grew is told from two reports of one process, and from zero of one that began anew", () => {
  const before = { started, metrics: { a: { x: 10 } } };
  const now = { started, metrics: { a: { x: 14, y: 1 } } };
  const anew = { started: "2026-01-02T00:00:00Z", metrics: { a: { x: 3 } } };

  assert.equal(growth(undefined, now, "a"), 0);
  assert.equal(growth(before, now, "a"), 5);
  assert.equal(growth(before, anew, "a"), 3);
  assert.deepEqual(growths(before, now, "a"), { x: 4, y: 1 });
});

test("quantiles are told from what came into the classes of all nodes", () => {
  const bounds = [0.001, 0.01, 0.1];
  const histogram = (...buckets) => ({ started, metrics: { h: { sum: 1, buckets } } });
  const counts = sum([
    classes(histogram(5, 0, 0, 0), histogram(10, 0, 0, 0), "h"),
    classes(histogram(0, 0, 0, 0), histogram(0, 5, 0, 0), "h"),
  ]);

  assert.deepEqual(counts, [5, 5, 0, 0]);
  assert.equal(quantile(counts, bounds, 0.5), 0.001);
  assert.equal(quantile(counts, bounds, 1).toFixed(6), "0.010000");
  assert.equal(quantile([0, 0, 0, 1], bounds, 0.5), 0.1);
  assert.equal(quantile([0, 0, 0, 0], bounds, 0.5), null);
});

test("a node that leaves says how far it is, and is no part of the balance", () => {
  const leaving = node("a", 25, { partyline_draining: 1, partyline_drain_planned_streams: 100 });

  assert.equal(drained(leaving), 0.75);
  assert.equal(drained(node("b", 25)), null);
  assert.equal(imbalance([leaving, node("b", 150), node("c", 50)]), 1.5);
  assert.equal(imbalance([]), 1);
});

test("a room counts as the node with the most of it says", () => {
  const busy = rooms(
    [
      { rooms: [{ room: "lobby", events: 20 }, { room: "attic", events: 2 }] },
      { rooms: [{ room: "lobby", events: 18 }] },
    ],
    2,
  );

  assert.deepEqual(busy, [{ room: "lobby", perSecond: 10, nodes: 2 }, { room: "attic", perSecond: 1, nodes: 1 }]);
});

test("what happened is told of all nodes, the newest first", () => {
  const told = timeline([
    { node: "a", timeline: [{ at: "1", kind: "start", what: "" }, { at: "3", kind: "epoch", what: "" }] },
    { node: "b", timeline: [{ at: "2", kind: "start", what: "" }] },
  ]);

  assert.deepEqual(told.map(({ at, node }) => at + node), ["3a", "2b", "1a"]);
});

test("one sentence says whether users are hurt", () => {
  const fine = { redis: true, gateways: 3, notLive: 0, draining: 0, unavailable: 0, resets: 0, p99: 0.02 };

  assert.equal(verdict(fine).level, "good");
  assert.equal(verdict({ ...fine, p99: null }).level, "good");
  assert.equal(verdict({ ...fine, draining: 1 }).level, "warn");
  assert.match(verdict({ ...fine, resets: 4 }).text, /history is gone/);
  assert.match(verdict({ ...fine, notLive: 1, p99: 3 }).text, /more than a second; 1 of 3 gateways/);
  assert.match(verdict({ ...fine, redis: false }).text, /can't reach Redis/);
});
