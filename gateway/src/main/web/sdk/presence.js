/**
 * Who is in a room now: what `/presence` said, and what streams tell since. Every change has the
 * version after the one before; where one is missing, it is to be read again.
 */
export class Presence {
  /** Of everybody; where they are too many to be named, `users` is empty. */
  count = 0;
  users = [];
  #version = 0;

  replace({ version, count, users }) {
    Object.assign(this, { count, users });
    this.#version = version;
  }

  /** @returns false where something was missed */
  take({ version, count, joined, left }) {
    if (version <= this.#version) {
      return true;
    }
    const follows = joined === undefined || version === this.#version + 1;
    this.#version = follows ? version : this.#version;
    if (follows) {
      const moved = [...(joined ?? []), ...(left ?? [])].map(({ id }) => id);
      const stayed = this.users.filter(({ id }) => !moved.includes(id));
      this.count = count;
      this.users = joined === undefined ? [] : [...stayed, ...joined];
    }
    return follows;
  }
}
