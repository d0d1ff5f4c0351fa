// Ids are order tokens, `<number>-<number>`. Text comparison lies: …-10 comes after …-9.

/** Negative, zero or positive, like a comparator's; ids of one log only. */
export function compareIds(a, b) {
  const [aHigh, aLow = "0"] = a.split("-");
  const [bHigh, bLow = "0"] = b.split("-");
  return compareNumbers(aHigh, bHigh) || compareNumbers(aLow, bLow);
}

/** Whatever their base is: none begins with a needless zero. */
function compareNumbers(a, b) {
  return a.length - b.length || (a > b) - (a < b);
}

/**
 * Where to begin to miss nothing of what comes after any of some cursors; null where there is none.
 * A cursor may have several places, `mi8k2x1a.0.mi8k2x19-3`: then it is the smallest of each.
 */
export function smallest(cursors) {
  const [first = null, ...others] = cursors.filter(Boolean);
  return others.reduce(
    (least, cursor) =>
      least
        .split(".")
        .map((place, i) => [place, cursor.split(".")[i] ?? cursor].sort(compareIds)[0])
        .join("."),
    first,
  );
}

/** 128 random bits. crypto.randomUUID exists on https and localhost only. */
export function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
