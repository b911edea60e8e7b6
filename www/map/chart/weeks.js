// A score over weeks: a line, and the band in which it may lie. A week with too few answers says how many there were, and has no score.

import { area, curveMonotoneX, line, ticks } from "../lib/d3.js";
import { picture, s } from "./svg.js";

const HEIGHT = 220;
const [TOP, FOOT, LEFT, RIGHT] = [14, 42, 40, 14];

/** Weeks are `{ name, n, value, low, high }`, `value` null where there are too few. */
export function weeks({ points, from, to, say, few, label }) {
  return (width) => {
    const bottom = HEIGHT - FOOT;
    const step = (width - LEFT - RIGHT) / Math.max(1, points.length);
    const x = (at) => LEFT + step * (at + 0.5);
    const y = (value) => bottom - ((value - from) / (to - from)) * (bottom - TOP);
    const marked = points.map((point, at) => ({ ...point, at }));
    const has = (point) => point.value !== null;
    const band = area().defined(has).x((p) => x(p.at)).y0((p) => y(Math.max(from, p.low))).y1((p) => y(Math.min(to, p.high))).curve(curveMonotoneX);
    const curve = line().defined(has).x((p) => x(p.at)).y((p) => y(p.value)).curve(curveMonotoneX);
    const every = Math.max(1, Math.ceil(54 / step));
    return picture(width, HEIGHT, { role: "img", "aria-label": label, class: "weeks" },
      ticks(from, to, 4).map((tick) => [s("line", { class: tick === 0 && from < 0 ? "axis" : "grid", x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }),
        s("text", { class: "tick", x: LEFT - 8, y: y(tick) + 4, "text-anchor": "end" }, say(tick))]),
      s("path", { class: "band", d: band(marked) ?? "" }), s("path", { class: "curve", d: curve(marked) ?? "" }),
      marked.map((point) => s("g", null, s("title", null, point.title),
        has(point) ? [s("line", { class: "whisker", x1: x(point.at), x2: x(point.at), y1: y(Math.max(from, point.low)), y2: y(Math.min(to, point.high)) }),
          s("circle", { class: "dot one", cx: x(point.at), cy: y(point.value), r: 4.5 }),
          // A week between two with too few is a point without a line.
        ] : s("circle", { class: "few", cx: x(point.at), cy: bottom - 8, r: 3 }),
        point.at % every === 0 && s("text", { class: "tick", x: x(point.at), y: bottom + 18, "text-anchor": "middle" }, point.name),
        point.at % every === 0 && s("text", { class: "tick", x: x(point.at), y: bottom + 34, "text-anchor": "middle" }, few(point)))));
  };
}
