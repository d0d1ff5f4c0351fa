const PAGE = 50;
const LONGEST_PAGE = 200;
const LOOKED_THROUGH = 10;

/** What was said in one room, read in pages. */
export class History {
  #http;
  #path;
  #events;

  constructor(http, room) {
    this.#http = http;
    this.#path = "rooms/" + encodeURIComponent(room) + "/messages";
    this.#events = { rooms: room, wait: 0 };
  }

  /**
   * The latest page, and a cursor from which events tell all that came after it: the cursor is asked
   * for first, so what happens in between is told twice rather than never.
   */
  async latest() {
    const { cursor } = await this.#http.send("GET", "events", { query: this.#events });
    return { cursor, ...(await this.#page({})) };
  }

  before(id) {
    return this.#page({ before: id });
  }

  /** The message that was sent under this key after that id, undefined if there is none. */
  async find(key, after) {
    let since = after;
    for (let page = 0; page < LOOKED_THROUGH; page++) {
      const query = { after: since, limit: LONGEST_PAGE };
      const { messages } = await this.#http.send("GET", this.#path, { query });
      const found = messages.find((message) => message.client_msg_id === key);
      if (found !== undefined || messages.length < LONGEST_PAGE) {
        return found;
      }
      since = messages.at(-1).id;
    }
    return undefined;
  }

  async #page(query) {
    const answer = await this.#http.send("GET", this.#path, { query: { ...query, limit: PAGE } });
    return { ...answer, complete: answer.messages.length < PAGE };
  }
}
