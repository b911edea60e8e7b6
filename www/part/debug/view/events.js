import { code, note, table, time } from "./parts.js";

/** Rows that are drawn: nobody reads more, and the page has to draw them. */
const ROWS = 150;

/** By whom: a number is a source of reports, a word ours. */
const by = (sources, words) => sources.map((source) => words.by[source] || source).join(", ");

/** What happened, newest first, with whose word it is; and what was reported and came to nothing, with why. */
export function events({ book, words }) {
  const rows = [];
  for (const entry of book.entries.slice(-ROWS).reverse()) {
    const { type, t } = entry;
    if (type === "event") {
      const { event } = entry;
      rows.push([time(t), code(event.name), words.lenses[event.lens] || event.lens, event.stage, by(entry.by, words), code(event.page), event.data ? code(event.data) : ""]);
    } else if (type === "report" && entry.state !== "event") {
      rows.push(Object.assign([time(t), code(entry.name), "", "", by([entry.by], words), "", words.reports[entry.state]], { kind: "dim" }));
    } else if (type === "page") {
      rows.push(Object.assign([time(t), words.page, "", "", words.by[entry.how] || entry.how, code(entry.path)], { kind: "page" }));
    } else if (type === "error") {
      const { code: name, field, fix } = entry.detail;
      rows.push(Object.assign([time(t), code(name), "", "", "", code(field), fix], { kind: "bad" }));
    }
  }
  return [rows.length ? table(words.columns.events, rows) : note(words.none.events)];
}
