// Ids are order tokens, `<number>-<number>`. Text comparison lies: …-10 comes after …-9.

/** Negative, zero or positive, like a comparator's; ids of one log only. */
export function compareIds(a, b) {
  const [aHigh, aLow] = halves(a);
  const [bHigh, bLow] = halves(b);
  return aHigh - bHigh || aLow - bLow;
}

function halves(id) {
  const [high, low = "0"] = String(id).split("-");
  return [Number(high), Number(low)];
}

/** The smallest of some cursors, null where there is none. */
export function smallest(cursors) {
  return cursors.filter((cursor) => cursor !== null).sort(compareIds)[0] ?? null;
}

/** 128 random bits. crypto.randomUUID exists on https and localhost only. */
export function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
