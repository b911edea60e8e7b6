// How the stages feel, as a line across the columns of the map: satisfied above, frustrated and confused below, the band is where it may lie.

import { area, curveMonotoneX, line } from "../lib/d3.js";
import { picture, s } from "./svg.js";

const HEIGHT = 108;
const EDGE = 20;

/** Points are `{ value, low, high, text, title }`, one for each column; `value` null where there are too few. */
export function curve({ points, label }) {
  const reach = Math.max(25, ...points.filter((point) => point.value !== null).flatMap((point) => [Math.abs(point.low), Math.abs(point.high)]));
  return (width) => {
    const step = width / points.length;
    const marked = points.map((point, at) => ({ ...point, x: step * (at + 0.5) }));
    const y = (value) => HEIGHT / 2 - (value / reach) * (HEIGHT / 2 - EDGE);
    const has = (point) => point.value !== null;
    const band = area().defined(has).x((p) => p.x).y0((p) => y(p.low)).y1((p) => y(p.high)).curve(curveMonotoneX);
    const way = line().defined(has).x((p) => p.x).y((p) => y(p.value)).curve(curveMonotoneX);
    return picture(width, HEIGHT, { role: "img", "aria-label": label, class: "mood-curve" },
      s("line", { class: "axis", x1: 0, x2: width, y1: HEIGHT / 2, y2: HEIGHT / 2 }),
      s("path", { class: "band", d: band(marked) ?? "" }), s("path", { class: "curve", d: way(marked) ?? "" }),
      marked.map((point) => {
        if (!has(point)) return s("text", { class: "tick", x: point.x, y: HEIGHT / 2 - 8, "text-anchor": "middle" }, point.text);
        const kind = point.high < 0 ? "bad" : point.low > 0 ? "good" : "one";
        const above = point.value >= 0;
        return s("g", null, s("title", null, point.title), s("circle", { class: `dot ${kind}`, cx: point.x, cy: y(point.value), r: 5.5 }),
          s("text", { class: `value ${kind}`, x: point.x, y: y(point.value) + (above ? -11 : 20), "text-anchor": "middle" }, point.text));
      }));
  };
}
