// Shares with their intervals, a row for each: a dot for what was counted, a line for where it may lie.

import { ticks } from "../lib/d3.js";
import { cut, picture, s } from "./svg.js";

const ROW = 46;
const TWO = 54;
const FOOT = 26;
const SIDE = 660;

/**
 * Rows are `{ label, sub, stage, marks: [{ kind, value, low, high, text }] }`; a mark whose `value` is null has too few behind it and says its `text`
 * alone. `all` draws a line across, with its words. `from` and `to` bound the scale; `say` writes a number of it.
 */
export function intervals({ rows, from = 0, to, all, say, label }) {
  return (width) => {
    const wide = width >= SIDE;
    const tall = rows.some((row) => row.marks.length > 1) ? TWO : ROW;
    const step = wide ? tall : tall + 20;
    const [left, right] = wide ? [Math.min(260, width * 0.28), 150] : [4, 108];
    const top = all ? 20 : 4;
    const height = top + rows.length * step + FOOT;
    const ends = reach(rows, all, from, to);
    const x = (value) => left + ((value - ends[0]) / (ends[1] - ends[0])) * (width - left - right);
    const at = ticks(ends[0], ends[1], wide ? 6 : 3);
    return picture(width, height, { role: "img", "aria-label": label, class: "intervals" },
      at.map((tick) => [s("line", { class: tick === 0 && ends[0] < 0 ? "axis" : "grid", x1: x(tick), x2: x(tick), y1: top, y2: height - FOOT + 4 }),
        s("text", { class: "tick", x: x(tick), y: height - 6, "text-anchor": "middle" }, say(tick))]),
      all && [s("line", { class: "all", x1: x(all.value), x2: x(all.value), y1: 14, y2: height - FOOT + 4 }),
        s("text", { class: "tick", x: x(all.value), y: 10, "text-anchor": "middle" }, all.text)],
      rows.map((row, nth) => {
        const y = top + nth * step;
        const middle = wide ? y + step / 2 : y + 20 + (step - 20) / 2;
        const name = wide
          ? [s("text", { class: "name", x: 0, y: row.sub ? middle - 2 : middle + 4 }, cut(row.label, left - 16, 7.4)),
            row.sub && s("text", { class: "sub", x: 0, y: middle + 14 }, cut(row.sub, left - 16, 6.6))]
          : s("text", { class: "name", x: 0, y: y + 18 }, cut(row.label, width * 0.62, 7.4),
            row.sub && s("tspan", { class: "sub", dx: 8 }, cut(row.sub, width * 0.36, 6.6)));
        const gap = 20;
        return s("g", null, s("title", null, [row.label, ...row.marks.map((mark) => mark.text)].join(" · ")),
          nth > 0 && s("line", { class: "between", x1: 0, x2: width, y1: y, y2: y }), name,
          row.marks.map((mark, of) => {
            const at = middle + (of - (row.marks.length - 1) / 2) * gap;
            const text = s("text", { class: `value ${mark.kind}`, x: width, y: at + 4, "text-anchor": "end" }, mark.text);
            if (mark.value === null) return text;
            return [s("line", { class: `range ${mark.kind}`, x1: x(mark.low), x2: x(mark.high), y1: at, y2: at }),
              s("circle", { class: `dot ${mark.kind}`, cx: x(mark.value), cy: at, r: 5.5 }), text];
          }));
      }));
  };
}

/** From where to where the scale goes: as far as the intervals do, not to a hundred where all lies below ten. */
function reach(rows, all, from, to) {
  const known = rows.flatMap((row) => row.marks).filter((mark) => mark.value !== null);
  const low = Math.min(from, ...known.map((mark) => mark.low));
  const high = to ?? Math.max(from + 1, all?.value ?? 0, ...known.map((mark) => mark.high)) * 1.04;
  return [low, high];
}

