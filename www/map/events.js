// All events of one journey, in order.

import { h } from "./dom.js";
import { clock } from "./format.js";
import { stageClass } from "./map.js";
import { name, t } from "./texts.js";

const COLUMNS = ["colTime", "colStage", "colLens", "colEvent", "colPage", "colData"];

/** The roles are said aloud because narrow screens lay the rows out as cards, which would silence the table. */
export function eventTable(events) {
  return h("table", { class: "events", role: "table" },
    h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, COLUMNS.map((column) => h("th", { scope: "col", role: "columnheader" }, t(column))))),
    h("tbody", { role: "rowgroup" }, events.map((event) => h("tr", { role: "row" },
      h("td", { role: "cell", class: "time" }, event.at === null ? "–" : clock(event.at)),
      h("td", { role: "cell", class: `stage ${stageClass(event.stage)}` }, event.stage ? name("stage", event.stage) : "–"),
      h("td", { role: "cell", class: "lens" }, event.lens ? name("lens", event.lens) : "–"),
      h("td", { role: "cell", class: "event" }, name("touchpoint", event.name)),
      h("td", { role: "cell", class: "page" }, event.page ?? "–"),
      h("td", { role: "cell", class: facts(event.data).length ? "data" : "data bare" }, details(event.data))))));
}

const facts = (data) => Object.entries(data).filter(([, value]) => value !== null);

function details(data) {
  if (!facts(data).length) return "–";
  return h("dl", null, facts(data).map(([key, value]) => h("div", null, h("dt", null, key), h("dd", null, plain(value)))));
}

function plain(value) {
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (value && typeof value === "object") return Object.entries(value).map(([key, of]) => `${key} ${plain(of)}`).join(" · ");
  return String(value);
}
