/**
 * Where a key leads in a grid whose cells stand in rows from its beginning on.
 *
 * @param at the cell one is at
 * @returns the cell to go to, null for a key that leads nowhere
 */
export function moved(key, at, { cells, columns, rightToLeft = false }) {
  const forward = rightToLeft ? "ArrowLeft" : "ArrowRight";
  const back = rightToLeft ? "ArrowRight" : "ArrowLeft";
  const last = cells - 1;
  const rowStart = at - (at % columns);
  switch (key) {
    case forward:
      return Math.min(last, at + 1);
    case back:
      return Math.max(0, at - 1);
    case "ArrowDown":
      return at + columns <= last ? at + columns : at;
    case "ArrowUp":
      return at - columns >= 0 ? at - columns : at;
    case "Home":
      return rowStart;
    case "End":
      return Math.min(last, rowStart + columns - 1);
    case "PageUp":
      return at % columns;
    case "PageDown":
      return last - (last % columns) + Math.min(at % columns, last % columns);
    default:
      return null;
  }
}
