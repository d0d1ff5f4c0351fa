import { element } from "./dom.js";
import { moved } from "./grid.js";

const COLUMNS = 8;

const EMOJI =
  "👍 👎 ❤️ 😂 🎉 😮 😢 🙏 " +
  "😀 😄 😅 😉 😊 😍 😘 😎 " +
  "🤔 🙄 😐 😴 😭 😡 🥳 🤯 " +
  "😱 🤗 😬 🙃 😇 🤓 😋 🤷 " +
  "👋 👏 🙌 💪 🤝 ✌️ 👌 🤞 " +
  "🔥 ✨ 💯 ✅ ❌ 👀 🚀 💡 " +
  "☕ 🍕 🎂 🌍 ☀️ ⭐ 🎁 💔";

/**
 * A grid of them with one stop for the Tab key: arrows move in it. Each is its own name, which
 * screen readers say in the reader's language.
 */
export function emojiGrid(picked) {
  const emoji = EMOJI.split(" ");
  const cells = emoji.map((each, i) =>
    element("button", {
      type: "button",
      role: "gridcell",
      tabIndex: i === 0 ? 0 : -1,
      textContent: each,
      onclick: () => picked(each),
    }),
  );
  cells[0].setAttribute("data-first", "");
  const rows = [];
  for (let at = 0; at < cells.length; at += COLUMNS) {
    rows.push(element("div", { role: "row" }, ...cells.slice(at, at + COLUMNS)));
  }
  const grid = element("div", { className: "emoji", part: "emoji" }, ...rows);
  grid.addEventListener("keydown", (event) => {
    const rightToLeft = getComputedStyle(grid).direction === "rtl";
    const at = cells.indexOf(event.target);
    const to = moved(event.key, at, { cells: cells.length, columns: COLUMNS, rightToLeft });
    if (to !== null) {
      event.preventDefault();
      cells[at].tabIndex = -1;
      cells[to].tabIndex = 0;
      cells[to].focus();
    }
  });
  return grid;
}
