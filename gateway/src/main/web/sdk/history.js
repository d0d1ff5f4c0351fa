const PAGE = 50;
const LONGEST_PAGE = 200;
const LOOKED_THROUGH = 10;

/** One room as the server knows it: how it is, and what was said in it, page by page. */
export class History {
  #http;
  #path;

  constructor(http, room) {
    this.#http = http;
    this.#path = ["rooms", room];
  }

  /** The room at one instant, with the cursor from which events tell all that came after it. */
  async latest() {
    const snapshot = await this.#http.send("GET", [...this.#path, "snapshot"], { query: { messages: PAGE } });
    const { messages, room } = snapshot;
    const complete = messages.length < PAGE;
    const before = messages.length > 0 ? messages[0].number - 1 : room.last_number;
    return { ...snapshot, complete, gap: complete && before > 0 };
  }

  before(id) {
    return this.#page({ before: id });
  }

  /** The message that was sent under this key after that id, undefined if there is none. */
  async find(key, after) {
    let since = after;
    for (let page = 0; page < LOOKED_THROUGH; page++) {
      const query = { after: since, limit: LONGEST_PAGE };
      const { messages } = await this.#http.send("GET", [...this.#path, "messages"], { query });
      const found = messages.find((message) => message.client_msg_id === key);
      if (found !== undefined || messages.length < LONGEST_PAGE) {
        return found;
      }
      since = messages.at(-1).id;
    }
    return undefined;
  }

  async #page(query) {
    const answer = await this.#http.send("GET", [...this.#path, "messages"], { query: { ...query, limit: PAGE } });
    return { ...answer, complete: answer.messages.length < PAGE };
  }
}
