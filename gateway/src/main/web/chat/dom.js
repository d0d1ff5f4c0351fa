/** Makes an element. Text becomes text, whatever it looks like: nothing here is ever parsed. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role" || name === "part") {
      made.setAttribute(name, value);
    } else {
      made[name] = value;
    }
  }
  made.append(...children);
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

const SHAPES = {
  send: "M4 12 20 4l-5 16-3.5-6.5zM11.5 13.500 20 4",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14.500c1 1.400 2.200 2 3.500 2s2.500-.6 3.500-2M9 9.500v.01M15 9.500v.01",
  reply: "M10 7 4 12l6 5M4 12h9c4 0 6.500 2 7 6",
  more: "M5 12v.01M12 12v.01M19 12v.01",
  close: "M6 6l12 12M18 6 6 18",
  down: "M12 5v14M6 13l6 6 6-6",
  people: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c.3-3.700 2.700-6 6.500-6s6.200 2.300 6.500 6M16 4.500a3.200 3.200 0 0 1 0 6.200M18 14.500c2 .8 3.200 2.700 3.500 5.500",
  pin: "M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v6",
  edit: "M4 20l1-4L16 5l3 3L8 19z",
};

/** A picture of ours, which says nothing by itself. */
export function icon(name) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", SHAPES[name]);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}

/** A button that is a picture: its label is seen when it is pointed at, and always read. */
export function iconButton(name, label, properties = {}) {
  return element("button", { type: "button", title: label, "aria-label": label, ...properties }, icon(name));
}
