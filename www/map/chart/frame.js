// What stands around every chart: its title, what to know of it, its numbers as a table, and its files.

import { h } from "../dom.js";
import { t } from "../texts.js";
import { csv } from "./csv.js";
import { pngFile, save, svgFile } from "./export.js";
import { table } from "./table.js";

/** What has to be drawn anew where the room changes. */
let drawn = [];

/** Forgets the charts of the view before. */
export const begin = () => { drawn = []; };

/** Room for a picture that stands elsewhere than in a chart's frame. */
export function plot(draw) {
  const place = h("div", { class: "plot" });
  drawn.push({ place, draw });
  return place;
}

/** Draws all charts as wide as they have room: in the same turn in which they came onto the page, so that nothing jumps. */
export function fit() {
  for (const { place, draw } of drawn) {
    const width = Math.floor(place.clientWidth);
    if (width > 0 && place.drawnAt !== width) {
      place.drawnAt = width;
      place.replaceChildren(draw(width));
    }
  }
}

/**
 * A chart: `draw(width)` gives its picture, `columns` and `rows` its table (see table.js), `csvRows` its data, heads first. With `open` the
 * table lies open. Without `draw` it is a table alone, which `folded` folds away.
 */
export function chart({ name, title, note, draw, columns, rows, csvRows, open, folded, label, before, after }) {
  const place = draw && plot(draw);
  const listed = table(columns, rows, title);
  const picture = () => place.querySelector("svg");
  const file = (kind, make) => h("button", { type: "button", "data-f": `${name}-${kind}`, "aria-label": t("saveAs", { title, kind: kind.toUpperCase() }),
    onclick: async () => save(`polku-${name}.${kind}`, await make()) }, kind.toUpperCase());
  return h("figure", { class: "chart", id: `c-${name}`, "aria-labelledby": `t-${name}` },
    h("div", { class: "chart-head" },
      h("div", null, h("h3", { id: `t-${name}` }, title), note && h("p", { class: "note" }, note)),
      h("div", { class: "files", role: "group", "aria-label": t("save") },
        draw && file("svg", () => svgFile(picture(), title)), draw && file("png", () => pngFile(picture(), title)),
        file("csv", () => new Blob([csv(csvRows)], { type: "text/csv;charset=utf-8" })))),
    before, place, after,
    (!draw && !folded) || open ? listed : h("details", { class: "numbers", "data-d": name }, h("summary", { "data-f": `${name}-numbers` }, label ?? t("asTable")), listed));
}
