// What the reports of nodes mean together: sums, and what happened between two of them. Nothing here touches the page.

/** Of a metric of one report, all words together, or one of them. */
export function value(report, name, word) {
  const told = report?.metrics?.[name] ?? 0;
  if (typeof told === "number") {
    return told;
  }
  return word === undefined ? Object.values(told).reduce((a, b) => a + b, 0) : (told[word] ?? 0);
}

/** What a counter grew by between two reports of one process; one that began anew counts from zero. */
export function growth(before, now, name, word) {
  if (!before) {
    return 0;
  }
  const from = before.started === now.started ? value(before, name, word) : 0;
  return Math.max(0, value(now, name, word) - from);
}

/** The same by word. */
export function growths(before, now, name) {
  const words = Object.keys(now.metrics[name] ?? {});
  return Object.fromEntries(words.map((word) => [word, growth(before, now, name, word)]));
}

/** What came into each class of a histogram between two reports. */
export function classes(before, now, name) {
  const later = now.metrics[name]?.buckets ?? [];
  if (!before) {
    return later.map(() => 0);
  }
  const earlier = before.started === now.started ? (before.metrics[name]?.buckets ?? []) : [];
  return later.map((count, i) => Math.max(0, count - (earlier[i] ?? 0)));
}

/** Of several nodes. */
export function sum(lists) {
  const all = [];
  for (const list of lists) {
    list.forEach((count, i) => (all[i] = (all[i] ?? 0) + count));
  }
  return all;
}

/**
 * In seconds, as Prometheus' histogram_quantile tells it: evenly spread within a class, and no more than the last bound.
 * null if there was nothing.
 */
export function quantile(counts, bounds, share) {
  const total = counts.reduce((a, b) => a + b, 0);
  if (total === 0) {
    return null;
  }
  const rank = share * total;
  let below = 0;
  for (let i = 0; i < counts.length; i++) {
    if (below + counts[i] >= rank && counts[i] > 0) {
      if (i >= bounds.length) {
        return bounds[bounds.length - 1];
      }
      const from = i === 0 ? 0 : bounds[i - 1];
      return from + ((bounds[i] - from) * (rank - below)) / counts[i];
    }
    below += counts[i];
  }
  return bounds[bounds.length - 1];
}

/** The state whose number is 1. */
export function state(report) {
  const states = report.metrics.partyline_feed_state ?? {};
  return Object.keys(states).find((name) => states[name] === 1) ?? "?";
}

/** How much of its streams a node that drains has ended, 0 to 1; null if it does not drain. */
export function drained(report) {
  if (!value(report, "partyline_draining")) {
    return null;
  }
  const planned = value(report, "partyline_drain_planned_streams");
  return planned === 0 ? 1 : Math.min(1, Math.max(0, 1 - value(report, "partyline_streams_open") / planned));
}

/** By how much the fullest node stands above the average of those that do not drain; 1 is even. */
export function imbalance(gateways) {
  const streams = gateways.filter((one) => drained(one) === null).map((one) => value(one, "partyline_streams_open"));
  const all = streams.reduce((a, b) => a + b, 0);
  return all === 0 ? 1 : (Math.max(...streams) * streams.length) / all;
}

/** Rooms of all nodes, the busiest first: a node hears every event of a room it has, so the most that one says counts. */
export function rooms(reports, seconds) {
  const most = new Map();
  for (const report of reports) {
    for (const { room, events } of report.rooms ?? []) {
      const known = most.get(room) ?? { room, perSecond: 0, nodes: 0 };
      known.perSecond = Math.max(known.perSecond, events / seconds);
      known.nodes++;
      most.set(room, known);
    }
  }
  return [...most.values()].sort((a, b) => b.perSecond - a.perSecond || (a.room < b.room ? -1 : 1));
}

/** What happened on all nodes, the newest first. */
export function timeline(reports) {
  return reports
    .flatMap((report) => (report.timeline ?? []).map((moment) => ({ ...moment, node: report.node })))
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

/**
 * Whether users are hurt, in a sentence.
 *
 * @param {object} now what `ops.js` made of the last reports
 */
export function verdict(now) {
  if (!now.redis) {
    return { level: "bad", text: "This node can't reach Redis: nothing below is news." };
  }
  if (now.gateways === 0) {
    return { level: "bad", text: "No gateway reports." };
  }
  const hurt = [];
  if (now.unavailable > 0) {
    hurt.push("posts are refused because Redis does not do its part");
  }
  if (now.resets > 0) {
    hurt.push("listeners are told that history is gone");
  }
  if (now.p99 !== null && now.p99 > 1) {
    hurt.push("one delivery in a hundred takes more than a second");
  }
  if (now.notLive > 0) {
    hurt.push(`${now.notLive} of ${now.gateways} gateways do not hear the log`);
  }
  if (hurt.length > 0) {
    return { level: "bad", text: `Users are hurt: ${hurt.join("; ")}.` };
  }
  if (now.draining > 0) {
    return { level: "warn", text: `Users are fine; ${now.draining} of ${now.gateways} gateways are leaving.` };
  }
  return { level: "good", text: "Users are fine." };
}
