// A message's HTML comes sanitised from the server. It is read here once more, by its own list, and
// put together element by element: no parser of a browser sees it, so a host page's Trusted Types
// are kept, and what is not on the list is text.

const ELEMENTS = new Set(["p", "br", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"]);
// The sanitiser leaves an empty comment where two braces would look like a template's.
const PIECE = /<!-- -->|<(\/?)([a-z]+)((?:\s+[a-z]+="[^"<>]*")*)\s*(\/?)>|[^<]+|</g;
const ATTRIBUTE = /([a-z]+)="([^"]*)"/g;
const ENTITY = /&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));/gi;
const NAMED = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const LINK = /^(?:https?:\/\/|mailto:)/i;
const LANGUAGE = /^language-[\w+#.-]{1,32}$/;

/** What the HTML is made of: {text}, {open, attributes} or {close}. */
export function piecesOf(html) {
  return [...html.matchAll(PIECE)].map(([all, slash, name, attributes]) => {
    if (all === "<!-- -->") {
      return { text: "" };
    }
    if (name === undefined || !ELEMENTS.has(name)) {
      return { text: decoded(all) };
    }
    return slash ? { close: name } : { open: name, attributes: allowed(name, attributes) };
  });
}

function allowed(name, text) {
  const all = Object.fromEntries([...text.matchAll(ATTRIBUTE)].map(([, key, value]) => [key, decoded(value)]));
  if (name === "a") {
    // Beside the page, carrying nothing back, and earning its author nothing.
    return LINK.test(all.href ?? "") ? { href: all.href, rel: "ugc nofollow noopener", target: "_blank" } : {};
  }
  if (name === "ol" && /^\d{1,9}$/.test(all.start ?? "")) {
    return { start: all.start };
  }
  return name === "code" && LANGUAGE.test(all.class ?? "") ? { class: all.class } : {};
}

function decoded(text) {
  return text.replace(ENTITY, (all, decimal, hex, name) => {
    const code = decimal === undefined ? parseInt(hex, 16) : Number(decimal);
    return name === undefined ? (code <= 0x10ffff ? String.fromCodePoint(code) : all) : NAMED[name.toLowerCase()];
  });
}

/** What is said in it, for a line of text. */
export function textOf(html) {
  return piecesOf(html)
    .map(({ text, open }) => text ?? (open === "br" || open === "p" || open === "li" ? " " : ""))
    .join("")
    .trim();
}

/** Puts a message's HTML into an element of the page. */
export function putHtml(into, html) {
  const open = [into];
  for (const { text, open: name, attributes, close } of piecesOf(html)) {
    const parent = open.at(-1);
    if (text !== undefined) {
      parent.append(text);
    } else if (name !== undefined) {
      const made = document.createElement(name);
      Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
      parent.append(made);
      if (name !== "br") {
        open.push(made);
      }
    } else if (open.length > 1 && parent.localName === close) {
      open.pop();
    }
  }
}
