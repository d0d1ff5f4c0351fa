import { element } from "./dom.js";

const MARGIN_PX = 8;

/**
 * Something that opens above the rest, near what it belongs to, and closes with Escape, a press
 * elsewhere, or when the focus leaves it. The focus then goes back to where it came from.
 */
export class Popup {
  #home;
  #open = null; // {root, from, closed}

  /** @param home the element in which popups stand */
  constructor(home) {
    this.#home = home;
    this.#home.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#open !== null) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      }
    });
  }

  get isOpen() {
    return this.#open !== null;
  }

  /**
   * @param from what it belongs to, and where the focus goes back to
   * @param content gets the focus, or what in it has `data-first`
   * @param properties of the frame around it: a role and a label
   */
  open(from, content, properties) {
    const same = this.#open?.from === from;
    this.close();
    if (same) {
      return;
    }
    const root = element("div", { className: "popup", part: "popup", tabIndex: -1, ...properties }, content);
    root.setAttribute("popover", "manual");
    this.#home.append(root);
    root.showPopover?.();
    place(root, from);
    from.setAttribute("aria-expanded", "true");
    const elsewhere = (event) => {
      if (!event.composedPath().includes(root) && !event.composedPath().includes(from)) {
        this.close(false);
      }
    };
    const left = ({ relatedTarget }) => relatedTarget !== null && !root.contains(relatedTarget) && this.close(false);
    document.addEventListener("pointerdown", elsewhere, true);
    root.addEventListener("focusout", left);
    this.#open = { root, from, elsewhere, left };
    (root.querySelector("[data-first]") ?? root).focus({ preventScroll: true });
  }

  /** Shows something else in the one that is open. */
  refill(content) {
    const { root, from } = this.#open;
    root.focus({ preventScroll: true });
    root.replaceChildren(content);
    place(root, from);
    (root.querySelector("[data-first]") ?? root).focus({ preventScroll: true });
  }

  /** @param back whether the focus goes back: not when it has gone elsewhere */
  close(back = true) {
    if (this.#open === null) {
      return;
    }
    const { root, from, elsewhere, left } = this.#open;
    this.#open = null;
    document.removeEventListener("pointerdown", elsewhere, true);
    root.removeEventListener("focusout", left);
    from.setAttribute("aria-expanded", "false");
    root.remove();
    if (back) {
      from.focus({ preventScroll: true });
    }
  }
}

/** Below it or above it, and never out of sight. */
function place(root, from) {
  const anchor = from.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = root;
  const { clientWidth, clientHeight } = document.documentElement;
  const below = anchor.bottom + MARGIN_PX;
  const top = below + height <= clientHeight ? below : anchor.top - MARGIN_PX - height;
  const rightToLeft = getComputedStyle(root).direction === "rtl";
  const left = rightToLeft ? anchor.left : anchor.right - width;
  const within = (wish, most) => Math.max(MARGIN_PX, Math.min(wish, most - MARGIN_PX));
  root.style.setProperty("left", within(left, clientWidth - width) + "px");
  root.style.setProperty("top", within(top, clientHeight - height) + "px");
}

/** A list of things to do, moved through with arrows. */
export function menu(items, done) {
  const buttons = items.map(({ label, run, bad, name }, i) =>
    element("button", {
      type: "button",
      role: "menuitem",
      className: bad ? "bad" : "",
      tabIndex: i === 0 ? 0 : -1,
      textContent: label,
      "data-do": name,
      onclick: () => {
        done();
        run();
      },
    }),
  );
  buttons[0]?.setAttribute("data-first", "");
  const root = element("div", { className: "menu", role: "menu" }, ...buttons);
  root.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      buttons.at(step % buttons.length).focus();
    }
  });
  return root;
}

/** Asks before what can't be undone. @returns whether it was answered with yes */
export function asked(home, question, yes, no) {
  return new Promise((answer) => {
    const dialog = element(
      "dialog",
      { part: "dialog", "aria-label": question },
      element("p", { textContent: question, dir: "auto" }),
      element(
        "form",
        { method: "dialog", className: "choices" },
        element("button", { value: "", textContent: no }),
        element("button", { value: "yes", className: "bad", textContent: yes }),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    home.append(dialog);
    dialog.showModal();
  });
}
