// Where a line begins that takes rooms along of which each is known up to another place.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compareIds, smallest } from "../../main/web/sdk/ids.js";

test("ids compare by their numbers, not as text", () => {
  assert.ok(compareIds("5-10", "5-9") > 0);
  assert.ok(compareIds("1772366400123-0", "99-7") > 0);
  assert.ok(compareIds("0", "5-1") < 0);
  assert.equal(compareIds("5-1", "5-1"), 0);
});

test("of some cursors it is the smallest, and none where there is none", () => {
  assert.equal(smallest([]), null);
  assert.equal(smallest([null, null]), null);
  assert.equal(smallest(["5-10", null, "5-9"]), "5-9");
  assert.equal(smallest(["5-10", "0"]), "0");
});

test("of several partitions it is the smallest place in each", () => {
  assert.equal(smallest(["mi8k2x1a.mi8k2x19-3", "mi8k2x19.mi8k2x19-z"]), "mi8k2x19.mi8k2x19-3");
  assert.equal(smallest(["z.10.5-10", "10.z.5-9", "zz.zz.5-z"]), "z.z.5-9");
  assert.equal(smallest(["0.z", "1.y"]), "0.y");
  assert.match(smallest(["a.b", "0"]), /^0(\.0)?$/);
  assert.equal(smallest(["0", "a.b"]), "0");
});
