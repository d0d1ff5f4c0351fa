/** Who goes on within that time goes on without a new head. */
const SAME_BREATH_MS = 5 * 60_000;

/**
 * What stands in the list, from top to bottom: {key, kind, of, …} with a kind of `day`, `unread`,
 * `message` or `letter`. Two rows of one key whose `of` is equal, thing by thing, look the same.
 *
 * @param line the number of the message after which all is new; null for no such line
 * @param dayOf the name of a date's day
 */
export function rowsOf({ messages, outbox, line, dayOf }) {
  const rows = [];
  let day = null;
  let before = null;
  for (const message of messages) {
    const of = dayOf(new Date(message.at));
    if (of !== day) {
      rows.push({ key: "day " + of, kind: "day", of: [of] });
      day = of;
      before = null;
    }
    if (line !== null && message.number > line) {
      rows.push({ key: "unread", kind: "unread", of: [] });
      line = null;
      before = null;
    }
    const goesOn = before !== null && isOneBreath(before, message);
    rows.push({ key: message.id, kind: "message", message, goesOn, of: [message, goesOn] });
    before = message;
  }
  for (const letter of outbox) {
    rows.push({ key: "letter " + letter.key, kind: "letter", letter, of: [letter.status] });
  }
  return rows;
}

function isOneBreath(before, message) {
  return (
    before.by.id === message.by.id &&
    before.kind === message.kind &&
    message.kind !== "system" &&
    message.reply_to === undefined &&
    Date.parse(message.at) - Date.parse(before.at) < SAME_BREATH_MS
  );
}

export function isSame(one, other) {
  return one.length === other.length && one.every((each, i) => each === other[i]);
}
