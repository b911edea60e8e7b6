// All events of one journey, in order.

import { h } from "./dom.js";
import { clock, money } from "./format.js";
import { stageClass } from "./map.js";
import { name, t } from "./texts.js";

const COLUMNS = ["colTime", "colStage", "colLens", "colEvent", "colPage", "colData"];

/** Products of a list that are named. */
const SHOWN = 4;

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

/** What a row tells beside its name; an amount and its currency are one thing. */
function facts(data) {
  const { value, currency, ...rest } = data;
  const amount = value === undefined || value === null ? [] : [["value", money(value, currency)]];
  return [...amount, ...Object.entries(rest).filter(([, of]) => of !== null)];
}

function details(data) {
  const known = facts(data);
  if (!known.length) return "–";
  return h("dl", null, known.map(([key, value]) => h("div", null, h("dt", null, key), h("dd", null, plain(value)))));
}

function plain(value) {
  if (Array.isArray(value)) {
    const more = value.length > SHOWN ? `, +${value.length - SHOWN}` : "";
    return value.slice(0, SHOWN).map(plain).join(", ") + more;
  }
  if (value?.item_name ?? value?.item_id) return [value.item_name ?? value.item_id, value.quantity > 1 && `×${value.quantity}`].filter(Boolean).join(" ");
  if (value && typeof value === "object") return Object.entries(value).map(([key, of]) => `${key} ${plain(of)}`).join(" · ");
  return String(value);
}
