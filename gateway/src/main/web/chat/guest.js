import { bearer } from "../sdk/http.js";
import { Problem } from "../sdk/problem.js";

const SPARE_MS = 60_000;
const ASKED_MS = 8_000;

/**
 * Somebody who has no account anywhere: a name, and the token that was given for it. Kept in this
 * browser, so that who comes back is the same guest for as long as the token lives.
 */
export class Guest {
  #urls;
  #key;
  #known;

  /** @param urls of the gateways */
  constructor(urls) {
    this.#urls = urls;
    this.#key = "partyline.guest:" + urls[0];
    this.#known = this.#stored();
  }

  /** Null where there is none yet: then one reads as nobody. */
  get token() {
    const lives = this.#known !== null && Date.parse(this.#known.expires_at) - SPARE_MS > Date.now();
    return lives ? this.#known.token : null;
  }

  get name() {
    return this.#known?.user.name ?? "";
  }

  get id() {
    return this.token === null ? null : this.#known.user.id;
  }

  forget() {
    this.#keep(null);
  }

  /** @throws {Problem} or something else, if there was no answer */
  async become(name) {
    const response = await this.#ask(name);
    if (!response.ok) {
      throw await Problem.of(response);
    }
    this.#keep(await response.json());
  }

  /** The first gateway that answers: who is somebody already stays that, by another name. */
  async #ask(name) {
    let broken;
    for (const url of this.#urls) {
      try {
        return await fetch(new URL(this.token === null ? "/v1/guests" : "/v1/me", url), {
          method: this.token === null ? "POST" : "PATCH",
          credentials: "omit",
          headers: { "Content-Type": "application/json", ...bearer(this.token) },
          body: JSON.stringify({ name }),
          signal: AbortSignal.timeout(ASKED_MS),
        });
      } catch (error) {
        broken = error;
      }
    }
    throw broken;
  }

  #stored() {
    try {
      const known = JSON.parse(localStorage.getItem(this.#key));
      return typeof known?.token === "string" && known.user?.id ? known : null;
    } catch {
      return null;
    }
  }

  #keep(known) {
    this.#known = known;
    try {
      localStorage.setItem(this.#key, JSON.stringify(known));
    } catch {
      // A browser that keeps nothing: the next visit asks again.
    }
  }
}
