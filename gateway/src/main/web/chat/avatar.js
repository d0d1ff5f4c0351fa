import { element } from "./dom.js";

/** A colour of one's own, the same everywhere. */
export function hueOf(id) {
  // FNV-1a: people who are numbered have other colours too.
  let hash = 2_166_136_261;
  for (const char of String(id)) {
    hash = Math.imul(hash ^ char.codePointAt(0), 16_777_619) >>> 0;
  }
  return (hash >>> 8) % 360;
}

/** The first letters of the first and the last word, as people see letters. */
export function initialsOf(name) {
  const words = String(name).trim().split(/\s+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = [...new Set([words[0], words.at(-1)])].map((word = "") => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? "");
  return letters.join("").toLocaleUpperCase() || "?";
}

/** A picture beside a name that is said anyway. Pictures come by https, or from where the page is. */
export function avatarOf({ id, name, avatar }) {
  const made = element("span", { className: "avatar", part: "avatar", "aria-hidden": "true", textContent: initialsOf(name ?? id) });
  made.style.setProperty("--hue", hueOf(id));
  if (avatar && URL.canParse(avatar) && isFine(new URL(avatar))) {
    const picture = element("img", { alt: "", loading: "lazy", referrerPolicy: "no-referrer" });
    picture.addEventListener("error", () => picture.remove());
    picture.src = avatar;
    made.append(picture);
  }
  return made;
}

function isFine({ protocol, origin }) {
  return protocol === "https:" || origin === location.origin;
}
