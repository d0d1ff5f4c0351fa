// A chat in two lines of HTML:
//
//   <script type="module" src="https://chat.example.com/v1/partyline-chat.js"></script>
//   <partyline-chat room="lobby" token-url="/chat-token.php"></partyline-chat>
//
// Attributes: room; token-url (of this site, asked with its cookies, answers a token or {"token": …}) or
// token, or neither of them for guests; src (where the gateways are, several with commas between; where
// this script came from); lang; theme (light or dark; what the reader prefers); follow (keeps rooms open
// that were looked at, and listens to all that one belongs to); directs (offers to write to one person).

import { claims } from "./sdk/token.js";
import { connect, Problem } from "./partyline.js";
import { Guest } from "./chat/guest.js";
import { STYLE } from "./chat/style.js";
import { ChatView } from "./chat/view.js";
import { defineWords, wordsOf } from "./chat/words.js";

export { connect, defineWords, wordsOf };

const HERE = new URL(import.meta.url).origin;

/**
 * Tells the host page `partyline-status` with what the SDK says of its line, `partyline-room` with the
 * room that is shown now, and `partyline-direct` with whom one wants to write to, before it does.
 */
export class PartylineChat extends HTMLElement {
  static observedAttributes = ["room", "token-url", "token", "src", "lang"];

  /** The SDK's client and room, while this element is in a page. */
  client = null;
  room = null;
  /** Who has no token: {token, name, id, become(name), forget()}; null for others. */
  guest = null;

  #view = null;
  #words;
  #isMine;
  #stops = [];
  #starting = false;
  #anew = false;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.attachShadow({ mode: "open", delegatesFocus: false }).adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    this.#startSoon(true);
  }

  /** Another place in the page is no reason to hang up. */
  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || this.#stop());
  }

  attributeChangedCallback(name, before, after) {
    if (this.client !== null && before !== after) {
      this.#startSoon(name !== "room" && name !== "lang");
    }
  }

  /** Once for all attributes that change together; another room needs no other line. */
  #startSoon(anew) {
    this.#anew ||= anew;
    if (!this.#starting) {
      this.#starting = true;
      queueMicrotask(() => {
        this.#starting = false;
        if (this.isConnected) {
          this.#start(this.#anew);
          this.#anew = false;
        }
      });
    }
  }

  focus() {
    this.#view?.focus();
  }

  /** A guest is known by another name, or by none any more. */
  renew() {
    return this.client.renewToken().then(() => this.#start(false));
  }

  #start(anew) {
    if (anew || this.client === null) {
      this.#stop();
      this.#connect();
    }
    this.#words = wordsOf(this.lang || document.documentElement.lang);
    this.#open(this.getAttribute("room") ?? "lobby");
  }

  #connect() {
    const urls = (this.getAttribute("src") ?? HERE).split(",").map((url) => new URL(url.trim(), document.baseURI).origin);
    const hasToken = this.hasAttribute("token") || this.hasAttribute("token-url");
    this.guest = hasToken ? null : new Guest(urls);
    let known = claims(this.getAttribute("token"));
    const tokenProvider = async () => {
      const token = this.guest === null ? await this.#fetchToken() : this.guest.token;
      known = claims(token);
      return token;
    };
    const by = this.hasAttribute("token") ? { token: this.getAttribute("token") } : { tokenProvider };
    this.#isMine = ({ id }) => id === (this.guest === null ? String(known.sub) : this.guest.id);
    this.client = connect({ url: urls, ...by, follow: this.hasAttribute("follow") });
    this.client.on("status", () => this.#tell());
  }

  #stop() {
    this.#close();
    this.client?.close();
    this.client = this.room = null;
  }

  #close() {
    this.#stops.forEach((stop) => stop());
    this.#stops = [];
    this.#view?.close();
    this.#view = null;
  }

  async #fetchToken() {
    const response = await fetch(this.getAttribute("token-url"), { credentials: "same-origin", cache: "no-store" });
    if (!response.ok) {
      throw await Problem.of(response);
    }
    const text = (await response.text()).trim();
    return text.startsWith("{") ? JSON.parse(text).token : text;
  }

  #open(name) {
    this.#close();
    if (this.room !== null && this.room.name !== name && !this.hasAttribute("follow")) {
      this.client.leave(this.room.name);
    }
    const room = (this.room = this.client.room(name));
    this.#view = new ChatView({
      room,
      words: this.#words,
      guest: this.guest,
      isMine: this.#isMine,
      direct: this.hasAttribute("directs") && this.guest === null ? (person) => this.#direct(person) : null,
      known: () => this.client.renewToken(),
    });
    this.#stops.push(room.on("change", ({ kind }) => this.#changed(kind)));
    this.shadowRoot.replaceChildren(this.#view.root);
    this.#changed("state");
    this.dispatchEvent(new CustomEvent("partyline-room", { detail: room }));
  }

  #changed(kind) {
    if (kind === "state") {
      this.#remember();
    } else if (kind === "read") {
      this.#keepRead();
    }
    if (kind === "state" || kind === "reset") {
      this.#tell();
    }
  }

  // --- What guests have read, the server keeps for nobody ---

  #readKey() {
    return this.guest === null ? null : "partyline.read:" + this.room.name;
  }

  #remember() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#readKey()));
      if (this.room.state === "ready" && kept?.number > this.room.read.number) {
        this.room.markRead(kept);
      }
    } catch {
      // A browser that keeps nothing: all of it is old.
    }
  }

  #keepRead() {
    if (this.guest !== null) {
      try {
        localStorage.setItem(this.#readKey(), JSON.stringify(this.room.read));
      } catch {
        // As above.
      }
    }
  }

  async #direct(person) {
    const event = new CustomEvent("partyline-direct", { detail: person, cancelable: true });
    if (this.dispatchEvent(event)) {
      const { room } = await this.client.direct(person.id);
      this.setAttribute("room", room);
    }
  }

  #tell() {
    const { status } = this.client;
    const isRefused = this.room.state === "refused";
    const problem = isRefused ? this.room.problem : status.error;
    const state = isRefused ? "refused" : status.state;
    const word = state === "live" && status.transport === "poll" ? "poll" : state;
    this.#view.tell(this.#words.say(word, { why: this.#words.why(problem) }), state);
    this.dispatchEvent(new CustomEvent("partyline-status", { detail: status }));
  }
}

customElements.define("partyline-chat", PartylineChat);
