import { element } from "./dom.js";

const LONGEST = 4_000;
const LONGEST_NAME = 64;

/** Where one writes: Enter sends, Shift and Enter breaks the line, and an Enter that ends a word of an
 * input method does neither. A guest says a name first. */
export class Composer {
  root;
  #words;
  #guest;
  #send;
  #known;
  #name;
  #text;
  #problem;
  #nameLabel;

  /**
   * @param guest null where one is known by a token
   * @param send gets what was written
   * @param known is told when the guest got a token
   */
  constructor({ words, guest, send, known }) {
    this.#words = words;
    this.#guest = guest;
    this.#send = send;
    this.#known = known;
    const { say } = words;
    this.#name = element("input", { maxLength: LONGEST_NAME, autocomplete: "nickname", placeholder: say("name"), dir: "auto" });
    this.#text = element("textarea", { rows: 1, maxLength: LONGEST, placeholder: say("write"), dir: "auto" });
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#problem = element("p", { className: "problem", role: "alert" });
    this.#nameLabel = element("label", { className: "name" }, element("span", { textContent: say("name") }), this.#name);
    this.#name.value = guest?.name ?? "";
    this.root = element(
      "form",
      { part: "composer", noValidate: true },
      this.#nameLabel,
      element("label", {}, element("span", { textContent: say("write") }), this.#text),
      element("button", { className: "send", part: "send", textContent: say("send") }),
      this.#problem,
    );
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#ask();
  }

  #key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.#submit();
    }
  }

  async #submit() {
    const text = this.#text.value.trim();
    if (text === "" || !(await this.#isKnown())) {
      return;
    }
    this.#text.value = "";
    this.#text.focus();
    this.#send(text);
  }

  async #isKnown() {
    if (this.#guest === null || this.#guest.token !== null) {
      return true;
    }
    const name = this.#name.value.trim();
    if (name === "") {
      this.#nameLabel.hidden = false;
      this.#name.focus();
      return false;
    }
    try {
      await this.#guest.become(name);
      this.#known();
      this.#problem.textContent = "";
      return true;
    } catch (error) {
      this.#problem.textContent = error.message;
      return false;
    } finally {
      this.#ask();
    }
  }

  /** For a name, as long as there is no token for one. */
  #ask() {
    this.#nameLabel.hidden = this.#guest === null || this.#guest.token !== null;
  }
}
