const FIRST_EVENT_MS = 3_000;
const NAMES = ["message", "hello", "ready", "reset", "bye", "presence", "typing", "read"];

/**
 * Listens with the browser's own EventSource and a ticket, where no token may be sent. It sees
 * neither heartbeats nor why it was refused; it is never left to reconnect by itself, for a ticket
 * opens one stream, and other rooms or another cursor make another one.
 *
 * Events of the site's own that are kept nowhere have names of their own, which nobody here knows:
 * they are not heard.
 *
 * @param from.ticket from `POST /v1/tickets`, for these rooms
 */
export function listenByEventSource({ http, ticket, rooms, cursor }, hear, signal, world) {
  return new Promise((resolve) => {
    const source = new world.EventSource(http.url(["events"], { rooms, ticket, lastEventId: cursor }));
    const end = (ending) => {
      world.clearTimeout(patience);
      signal.removeEventListener("abort", stop);
      source.close();
      resolve(ending);
    };
    const stop = () => end({ why: "stopped" });
    const patience = world.setTimeout(() => end({ why: "mute" }), FIRST_EVENT_MS);
    signal.addEventListener("abort", stop);
    source.onerror = () => end({ why: "broken" });
    for (const name of NAMES) {
      source.addEventListener(name, ({ data, lastEventId }) => {
        world.clearTimeout(patience);
        const parsed = JSON.parse(data);
        if (name === "bye") {
          end({ why: "bye", reason: parsed.reason, retryMs: parsed.retry_ms });
          return;
        }
        // A browser repeats the last id with what has none of its own.
        const hasId = name === "message" || name === "ready" || name === "reset";
        hear({ name, id: hasId ? lastEventId : null, data: parsed });
      });
    }
  });
}
