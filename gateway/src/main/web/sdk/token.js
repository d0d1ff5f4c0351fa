import { Problem } from "./problem.js";

/** Of a token's life; what is left then is enough to fetch another one in peace. */
const RENEWED_AFTER = 0.8;

/**
 * The token that says who we are, fetched anew before it ends.
 *
 * Its end is counted from the moment it came and not read off the wall: a browser whose clock is an
 * hour ahead would hold every token for expired and ask the site for one with each request.
 */
export class Token {
  #provider;
  #world;
  #current; // undefined: none yet, or refused
  #renewAt = Infinity;
  #fetching = null;

  /**
   * @param {{token?: string, tokenProvider?: () => Promise<string | null>}} source neither of them:
   *     anonymous
   */
  constructor({ token, tokenProvider }, world) {
    this.#provider = tokenProvider;
    this.#world = world;
    if (tokenProvider === undefined) {
      this.#current = token ?? null;
    }
  }

  /** One that still lives, null for none. All who ask while it is fetched wait for the same. */
  async get() {
    if (this.#current !== undefined && this.#world.now() < this.#renewAt) {
      return this.#current;
    }
    if (this.#provider === undefined) {
      throw new Problem(401, { code: "token-expired", detail: "The token was refused, and there is no way to get another one." });
    }
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = null));
    return this.#fetching;
  }

  /** The server does not take it. @returns whether there may be a better one */
  refuse(token) {
    if (token === this.#current) {
      this.#current = undefined;
    }
    return this.#provider !== undefined;
  }

  /** Somebody logged in or out, as far as a provider knows. */
  forget() {
    this.#current = this.#provider === undefined ? this.#current : undefined;
  }

  /** Whom the one we have speaks for, null for nobody. */
  get user() {
    const { sub } = claims(this.#current);
    return sub === undefined ? null : String(sub);
  }

  /** In how many milliseconds the one we have is to be renewed. */
  get renewInMs() {
    return Math.max(0, this.#renewAt - this.#world.now());
  }

  async #fetch() {
    this.#current = (await this.#provider()) ?? null;
    this.#renewAt = this.#world.now() + RENEWED_AFTER * lifeMs(this.#current);
    return this.#current;
  }
}

/** What a token says about whom it speaks for; empty for none, and for what is no JWT. */
export function claims(token) {
  try {
    const base64 = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return {};
  }
}

function lifeMs(token) {
  const { iat, exp } = claims(token);
  return exp > iat ? (exp - iat) * 1_000 : Infinity;
}
