// What the SDK takes from outside, in one object, so that tests can move its clock and play its network.

/**
 * @typedef {object} World
 * @property fetch as the standard has it
 * @property {() => number} now milliseconds by a clock that runs on while the machine sleeps
 * @property setTimeout and clearTimeout, as the standard has them
 * @property {() => number} random below 1
 * @property EventSource the class, where there is one
 * @property {() => boolean} isOnline false only if there is surely no network
 * @property {(listener: () => void) => () => void} onWake tells of moments after which nothing is as it
 *     was: the network went or came, the page is seen again, or thawed
 * @property locks the browser's Web Locks, where there are any
 * @property BroadcastChannel the class, where there is one
 */

/** @returns {World} */
export function realWorld() {
  const page = globalThis.document;
  return {
    fetch: (...request) => globalThis.fetch(...request),
    now: () => Date.now(),
    setTimeout: (...timer) => globalThis.setTimeout(...timer),
    clearTimeout: (timer) => globalThis.clearTimeout(timer),
    random: () => Math.random(),
    EventSource: globalThis.EventSource,
    isOnline: () => globalThis.navigator?.onLine !== false,
    onWake: (listener) => (page === undefined ? () => {} : onWake(page, listener)),
    locks: globalThis.navigator?.locks,
    BroadcastChannel: page === undefined ? undefined : globalThis.BroadcastChannel,
  };
}

function onWake(page, listener) {
  const seen = () => page.visibilityState === "visible" && listener();
  const moments = [
    [globalThis, "online", listener],
    [globalThis, "offline", listener],
    [globalThis, "pageshow", listener],
    [page, "resume", listener],
    [page, "visibilitychange", seen],
  ];
  moments.forEach(([target, type, handler]) => target.addEventListener(type, handler));
  return () =>
    moments.forEach(([target, type, handler]) => target.removeEventListener(type, handler));
}
