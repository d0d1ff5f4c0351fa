const NAMED_REACTORS = 20;
const KEPT = 2_000;

/**
 * The messages of a room as they stand, oldest first: a page of history, and what events made of it.
 * Messages are never changed in place: one that is another object is another message.
 *
 * An event is an upsert that knows its message by id. What it means for a message that was never
 * loaded is told by history, should it ever be.
 */
export class Timeline {
  /** Whether messages that once stood before the first one are gone. */
  gap = false;
  /** Whether there is nothing before the first one. */
  complete = false;
  #messages = [];

  get messages() {
    return this.#messages;
  }

  get last() {
    return this.#messages.at(-1);
  }

  /** Everything anew. */
  replace({ messages, gap, complete }) {
    this.#messages = [...messages];
    this.gap = gap;
    this.complete = complete;
  }

  /** What was said before the first one. */
  prepend({ messages, gap, complete }) {
    this.#messages = [...messages.filter(({ id }) => this.find(id) === undefined), ...this.#messages];
    this.gap = gap;
    this.complete = complete;
  }

  find(id) {
    return this.#messages.find((message) => message.id === id);
  }

  /** Puts a message where it belongs, or in the place of what it was. */
  put(message) {
    const before = this.#messages.findLastIndex(({ number }) => number <= message.number);
    const known = this.#messages[before]?.number === message.number;
    const earlier = this.#messages.slice(0, known ? before : before + 1);
    this.#messages = [...earlier, message, ...this.#messages.slice(before + 1)];
    if (this.#messages.length > KEPT) {
      this.#messages = this.#messages.slice(-KEPT);
      this.complete = false;
    }
  }

  /** @returns the message that this event made or changed, undefined if there is none */
  take({ type, data }) {
    if (type === "message.created") {
      this.put(data.message);
      return data.message;
    }
    const known = this.find(data?.message?.id ?? data?.message_id) ?? this.#missed(type, data);
    const changed = known && FOLDS[type]?.(known, data);
    if (changed) {
      this.put(changed);
    }
    return changed;
  }

  /** Deleted before it was told, it has its place all the same. */
  #missed(type, data) {
    const first = this.#messages[0]?.number ?? 1;
    return type === "message.deleted" && data?.message?.number >= first ? data.message : undefined;
  }
}

const FOLDS = {
  // The event brings what was said; reactions and pins are told on their own.
  "message.updated": (known, { message }) => ({
    ...message,
    ...(known.reactions && { reactions: known.reactions }),
    ...(known.pinned && { pinned: true }),
  }),
  // A message that had left the server comes back as its id alone.
  "message.deleted": ({ id, number, room, at, kind, by, reply_to }, { message }) => ({
    id,
    number,
    room,
    at,
    kind,
    by,
    ...(reply_to && { reply_to }),
    ...message,
  }),
  "message.pinned": (known) => ({ ...known, pinned: true }),
  "message.unpinned": ({ pinned, ...known }) => known,
  // How many there are is told with each: of those who are not named nobody could count them.
  "reaction.added": (known, { emoji, user_id, count }) => {
    const reactions = known.reactions ?? [];
    const reaction = reactions.find((each) => each.emoji === emoji) ?? { emoji, count: 0, users: [] };
    if (reaction.users.includes(user_id)) {
      return undefined;
    }
    const users = [...reaction.users, user_id].slice(0, NAMED_REACTORS);
    const grown = { ...reaction, count: count ?? reaction.count + 1, users };
    return {
      ...known,
      reactions: reaction.count === 0
        ? [...reactions, grown]
        : reactions.map((each) => (each === reaction ? grown : each)),
    };
  },
  "reaction.removed": (known, { emoji, user_id, count }) => {
    const reaction = known.reactions?.find((each) => each.emoji === emoji);
    // Of many only some are named: who is not may still be counted.
    if (!reaction || (!reaction.users.includes(user_id) && reaction.count <= reaction.users.length)) {
      return undefined;
    }
    const users = reaction.users.filter((user) => user !== user_id);
    const shrunk = { ...reaction, count: count ?? reaction.count - 1, users };
    return {
      ...known,
      reactions: known.reactions
        .map((each) => (each === reaction ? shrunk : each))
        .filter(({ count }) => count > 0),
    };
  },
};
