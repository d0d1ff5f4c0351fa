// A chat in two lines of HTML:
//
//   <script type="module" src="https://chat.example.com/v1/partyline-chat.js"></script>
//   <partyline-chat room="lobby" token-url="/chat-token.php"></partyline-chat>
//
// Attributes: room; token-url (of this site, asked with its cookies, answers a token or {"token": …}) or
// token, or neither of them for guests; src (where the gateways are, several with commas between; where
// this script came from); lang; theme (light or dark; what the reader prefers).

import { claims } from "./sdk/token.js";
import { connect, Problem } from "./partyline.js";
import { Composer } from "./chat/composer.js";
import { element } from "./chat/dom.js";
import { Guest } from "./chat/guest.js";
import { MessageList } from "./chat/message-list.js";
import { STYLE } from "./chat/style.js";
import { wordsOf } from "./chat/words.js";

export { connect };

const HERE = new URL(import.meta.url).origin;

/** Tells the host page `partyline-status` with what the SDK says of its line. */
export class PartylineChat extends HTMLElement {
  static observedAttributes = ["room", "token-url", "token", "src", "lang"];

  /** The SDK's client and room, while this element is in a page. */
  client = null;
  room = null;

  #status;
  #words;
  #starting = false;

  constructor() {
    super();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  }

  connectedCallback() {
    this.#startSoon();
  }

  /** Another place in the page is no reason to hang up. */
  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || this.#stop());
  }

  attributeChangedCallback(name, before, after) {
    if (this.client !== null && before !== after) {
      this.#startSoon();
    }
  }

  /** Once for all attributes that change together. */
  #startSoon() {
    if (!this.#starting) {
      this.#starting = true;
      queueMicrotask(() => {
        this.#starting = false;
        if (this.isConnected) {
          this.#stop();
          this.#start();
        }
      });
    }
  }

  #start() {
    const urls = (this.getAttribute("src") ?? HERE).split(",").map((url) => new URL(url.trim(), document.baseURI).origin);
    const isGuest = !this.hasAttribute("token") && !this.hasAttribute("token-url");
    const guest = isGuest ? new Guest(urls) : null;
    let known = claims(this.getAttribute("token"));
    const tokenProvider = async () => {
      const token = guest === null ? await this.#fetchToken() : guest.token;
      known = claims(token);
      return token;
    };
    const by = this.hasAttribute("token") ? { token: this.getAttribute("token") } : { tokenProvider };
    this.#words = wordsOf(this.lang || document.documentElement.lang);
    this.client = connect({ url: urls, ...by });
    this.room = this.client.room(this.getAttribute("room") ?? "lobby");
    this.#show({ guest, isMine: ({ id }) => id === (guest === null ? String(known.sub) : guest.id) });
  }

  #stop() {
    this.client?.close();
    this.client = this.room = null;
  }

  async #fetchToken() {
    const response = await fetch(this.getAttribute("token-url"), { credentials: "same-origin", cache: "no-store" });
    if (!response.ok) {
      throw await Problem.of(response);
    }
    const text = (await response.text()).trim();
    return text.startsWith("{") ? JSON.parse(text).token : text;
  }

  #show({ guest, isMine }) {
    const { client, room } = this;
    const list = new MessageList({ room, words: this.#words, isMine });
    const composer = new Composer({ words: this.#words, guest, send: (text) => room.send(text), known: () => client.renewToken() });
    this.#status = element("p", { className: "status", part: "status", role: "status" });
    const parts = [this.#status, ...list.root, composer.root];
    parts.forEach((each) => Object.assign(each, { lang: this.#words.language, dir: this.#words.direction }));
    this.shadowRoot.replaceChildren(...parts);
    room.on("change", () => {
      list.show();
      this.#tell(client.status);
    });
    client.on("status", (status) => this.#tell(status));
    list.show();
    this.#tell(client.status);
  }

  /** Said aloud by a screen reader, so only when it is something else. */
  #tell(status) {
    const { say } = this.#words;
    const problem = this.room?.state === "refused" ? this.room.problem : status.error;
    const state = this.room?.state === "refused" ? "refused" : status.state;
    const word = state === "live" && status.transport === "poll" ? "poll" : state;
    const said = say(word, { why: problem?.message });
    if (this.#status.textContent !== said) {
      this.#status.textContent = said;
      this.#status.dataset.state = state;
    }
    this.dispatchEvent(new CustomEvent("partyline-status", { detail: status }));
  }
}

customElements.define("partyline-chat", PartylineChat);
