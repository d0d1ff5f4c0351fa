const LONGEST_LINE = 1 << 20;

/** Makes frames of a stream's text: {name, id, data, retryMs}, null for what is not there. */
export class Frames {
  #rest = "";
  #frame = begun();

  /** @returns the frames that this piece of text ended */
  take(text) {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop();
    if (this.#rest.length > LONGEST_LINE) {
      throw new Error("a line that never ends");
    }
    const frames = [];
    for (const line of lines.map((each) => each.replace(/\r$/, ""))) {
      if (line !== "") {
        this.#line(line);
      } else {
        frames.push(...this.#ended());
      }
    }
    return frames;
  }

  /** Comments and fields that nobody knows are left out. */
  #line(line) {
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "data") {
      this.#frame.lines.push(value);
    } else if (field === "event") {
      this.#frame.name = value;
    } else if (field === "id") {
      this.#frame.id = value;
    } else if (field === "retry" && /^\d+$/.test(value)) {
      this.#frame.retryMs = Number(value);
    }
  }

  #ended() {
    const { name, id, retryMs, lines } = this.#frame;
    this.#frame = begun();
    return lines.length === 0 && retryMs === null
      ? []
      : [{ name, id, retryMs, data: lines.length === 0 ? null : JSON.parse(lines.join("\n")) }];
  }
}

function begun() {
  return { name: "message", id: null, retryMs: null, lines: [] };
}
