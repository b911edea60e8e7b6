// A goal over time: what was to be, as a dashed line through its milestones, and what was measured, with where it may lie.

import { ticks } from "../lib/d3.js";
import { picture, s } from "./svg.js";

const HEIGHT = 190;
const [TOP, FOOT, LEFT, RIGHT] = [12, 26, 52, 16];
const time = (day) => Date.parse(`${day}T00:00:00Z`);

/** `aims` are `{ on, value }` from the first day to the last, `points` `{ on, value, low, high, title }`, `value` null where too few were counted. */
export function progress({ aims, points, today, say, date, label }) {
  return (width) => {
    const days = [...aims, ...points].map((one) => time(one.on)).concat(time(today));
    const [first, last] = [Math.min(...days), Math.max(...days)];
    const known = points.filter((point) => point.value !== null);
    const levels = [...aims.map((aim) => aim.value), ...known.flatMap((point) => [point.low, point.high])];
    const room = Math.max(1, (Math.max(...levels) - Math.min(...levels)) * 0.1);
    const [low, high] = [Math.min(...levels) - room, Math.max(...levels) + room];
    const bottom = HEIGHT - FOOT;
    const x = (day) => LEFT + ((time(day) - first) / Math.max(1, last - first)) * (width - LEFT - RIGHT);
    const y = (value) => bottom - ((value - low) / (high - low)) * (bottom - TOP);
    const way = (list) => list.map((one, at) => `${at ? "L" : "M"}${x(one.on).toFixed(1)} ${y(one.value).toFixed(1)}`).join("");
    return picture(width, HEIGHT, { role: "img", "aria-label": label, class: "progress" },
      ticks(low, high, 4).map((tick) => [s("line", { class: "grid", x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }),
        s("text", { class: "tick", x: LEFT - 8, y: y(tick) + 4, "text-anchor": "end" }, say(tick))]),
      s("line", { class: "axis", x1: x(today), x2: x(today), y1: TOP, y2: bottom }),
      s("path", { class: "aim", d: way(aims) }),
      aims.slice(1).map((aim) => s("circle", { class: "aim-stop", cx: x(aim.on), cy: y(aim.value), r: 4 }, s("title", null, `${date(aim.on)}: ${say(aim.value)}`))),
      known.length > 1 && s("path", { class: "curve", d: way(known) }),
      points.map((point) => s("g", null, s("title", null, point.title), point.value === null
        ? s("circle", { class: "few", cx: x(point.on), cy: bottom - 6, r: 3 })
        : [s("line", { class: "whisker", x1: x(point.on), x2: x(point.on), y1: y(point.low), y2: y(point.high) }),
          s("circle", { class: "dot one", cx: x(point.on), cy: y(point.value), r: 5 })])),
      s("text", { class: "tick", x: LEFT, y: HEIGHT - 6 }, date(aims[0].on)),
      s("text", { class: "tick", x: width - RIGHT, y: HEIGHT - 6, "text-anchor": "end" }, date(new Date(last).toISOString().slice(0, 10))));
  };
}
