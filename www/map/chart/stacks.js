// Parts of a whole, a row for each: how often, and how it sounds.

import { cut, picture, s } from "./svg.js";

const [ROW, SIDE] = [34, 560];

/** Rows are `{ label, n, text, parts: [{ kind, n, title }] }`. */
export function stacks({ rows, label }) {
  return (width) => {
    const wide = width >= SIDE;
    const step = wide ? ROW : ROW + 16;
    const left = wide ? Math.min(220, width * 0.28) : 0;
    const right = 64;
    const most = Math.max(1, ...rows.map((row) => row.n));
    const room = (n) => (n / most) * (width - left - right);
    return picture(width, rows.length * step, { role: "img", "aria-label": label, class: "stacks" }, rows.map((row, nth) => {
      const y = nth * step + (wide ? 0 : 16);
      let x = left;
      return s("g", null, s("text", { class: "name", x: 0, y: wide ? y + ROW / 2 + 4 : y }, cut(row.label, wide ? left - 12 : width - right, 7.4)),
        row.parts.filter((part) => part.n).map((part) => {
          const from = x;
          x += room(part.n);
          return s("rect", { class: `part ${part.kind}`, x: from, y: y + 8, width: Math.max(1.5, x - from - 1.5), height: ROW - 16, rx: 3 }, s("title", null, part.title));
        }),
        s("text", { class: "value", x: x + 8, y: y + ROW / 2 + 4 }, row.text));
    }));
  };
}
