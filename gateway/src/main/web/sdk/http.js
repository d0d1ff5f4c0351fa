import { Problem } from "./problem.js";

const TIMEOUT_MS = 10_000;

/** Requests to the API, from the one of its addresses that answered last. */
export class Http {
  #urls;
  #token;
  #world;
  #turn = 0;

  /** @param {string[]} urls of nodes, or of what stands before them; one is enough */
  constructor(urls, token, world) {
    this.#urls = urls;
    this.#token = token;
    this.#world = world;
  }

  /** How many addresses there are. */
  get width() {
    return this.#urls.length;
  }

  /** `path` below `/v1/`, its names in a row, at the address whose turn it is. */
  url(path, query = {}) {
    const url = new URL("/v1/" + path.map(encodeURIComponent).join("/"), this.#urls[this.#turn]);
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined) {
        url.searchParams.set(name, value);
      }
    }
    return url;
  }

  /**
   * This one did not answer: the next one is asked from now on. Of several requests that failed at
   * one address only the first turns, or two of them would be back where they began.
   */
  turn(from) {
    const at = this.#urls.findIndex((url) => new URL(url).origin === from.origin);
    if (at === this.#turn) {
      this.#turn = (at + 1) % this.#urls.length;
    }
  }

  /**
   * @returns the answer's JSON, null where there is none
   * @throws {Problem} for a refusal, and something else if there was no answer at all
   */
  async send(method, path, { body, query } = {}) {
    const ask = (token) => this.#fetch(method, this.url(path, query), token, body);
    const token = await this.#token.get();
    let response = await ask(token);
    if (response.status === 401 && token !== null && this.#token.refuse(token)) {
      response = await ask(await this.#token.get());
    }
    if (!response.ok) {
      throw await Problem.of(response);
    }
    return response.status === 204 ? null : response.json();
  }

  async #fetch(method, url, token, body) {
    const abort = new AbortController();
    const timer = this.#world.setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const response = await this.#world.fetch(url, {
        method,
        cache: "no-store",
        credentials: "omit",
        signal: abort.signal,
        headers: {
          Accept: "application/json",
          ...bearer(token),
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      // Read within the same patience: a head is no answer yet.
      const bytes = await response.arrayBuffer();
      const hasBody = response.status !== 204 && response.status !== 304;
      return new Response(hasBody ? bytes : null, response);
    } catch (error) {
      this.turn(url);
      throw error;
    } finally {
      this.#world.clearTimeout(timer);
    }
  }
}

export function bearer(token) {
  return token === null ? {} : { Authorization: "Bearer " + token };
}
