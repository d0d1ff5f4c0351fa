import { Problem } from "./problem.js";

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/**
 * How long to wait after so many failures in a row, 1 after the first one: twice as long each time,
 * and never the same for two clients, so that those who lost one node do not fall on another at once.
 */
export function backoffMs(failures, random, firstMs = FIRST_MS) {
  const most = Math.min(LONGEST_MS, firstMs * 2 ** Math.min(failures - 1, 10));
  return most * (0.5 + random() / 2);
}

/**
 * Asks as often as it takes, as long as it is wanted.
 *
 * @throws {Problem} that no retry mends
 */
export async function insist(ask, rest, world, isWanted) {
  for (let failures = 0; isWanted(); ) {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof Problem && !error.mayPass) {
        throw error;
      }
      await rest.for(Math.max(backoffMs(++failures, world.random), error.retryAfterMs ?? 0));
    }
  }
}

/** Waits that a good moment cuts short. */
export class Rest {
  #world;
  #over = new Set();

  constructor(world) {
    this.#world = world;
  }

  /** Infinity: until somebody calls {@link end}. */
  async for(ms) {
    await new Promise((done) => {
      const timer = ms === Infinity ? undefined : this.#world.setTimeout(() => over(), ms);
      const over = () => {
        this.#world.clearTimeout(timer);
        this.#over.delete(over);
        done();
      };
      this.#over.add(over);
    });
  }

  /** It makes no sense to wait any longer. */
  end() {
    [...this.#over].forEach((over) => over());
  }
}
