// A table that stays one where it has no room: rows become cards, and are told as rows all the same.

import { h } from "../dom.js";

/** Columns are `{ label, number }`, rows lists of cells: text or elements. The first cell names its row. */
export function table(columns, rows, caption) {
  return h("div", { class: "facts" }, h("table", { role: "table", "aria-label": caption },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, columns.map(({ label, number }) =>
      h("th", { role: "columnheader", scope: "col", class: number && "number" }, label)))),
    h("tbody", { role: "rowgroup" }, rows.map((row) => h("tr", { role: "row" }, row.map((cell, at) => at
      ? h("td", { role: "cell", class: columns[at].number && "number" }, h("span", { class: "of", "aria-hidden": "true" }, columns[at].label), h("span", null, cell))
      : h("th", { role: "rowheader", scope: "row" }, cell)))))));
}
