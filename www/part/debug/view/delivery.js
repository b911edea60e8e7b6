import { hostOf, known, parsed } from "../../privacy/known.js";
import { code, list, note, table, time, title } from "./parts.js";

/** The batches that are drawn whole. */
const WHOLE = 20;

/** What waits, and what was sent with what the collector said to it. */
export function delivery({ book, words }) {
  const { shell } = book.state;
  if (!shell) return [note(words.none.shell)];
  const { lanes } = shell;
  const { loss } = window.polku.journey() || {};
  const { waiting } = known({ options: shell.options, lanes, extra: shell });
  const sent = book.entries.filter(({ type }) => type === "send").reverse();
  const rows = sent.map(({ t, lane, body, status, ms, answer, leaving }, nth) => {
    const batch = parsed(body);
    const names = (batch.events || []).map(({ name }) => name).join(" ");
    const state = status === undefined ? (leaving ? words.sent.leaving : words.sent.flying) : status ? `${status}` : words.sent.failed;
    return Object.assign([time(t), hostOf(lanes[lane] || {}), `${body.length} B`, [code(names)], ms === undefined ? state : `${state}, ${ms} ms`, answer ? code(answer) : "", nth < WHOLE ? code(body) : ""], {
      kind: status === undefined || (status >= 200 && status < 300) ? "" : "bad",
    });
  });
  return [
    list([
      [words.fields.collectors, lanes.map((lane) => hostOf(lane) || "dataLayer").join(", ")],
      [words.fields.loss, loss ? code(loss) : null],
      [words.fields.waiting, String(waiting.length)],
    ]),
    title(words.titles.sent),
    rows.length ? table(words.columns.sent, rows) : note(words.none.sent),
  ];
}
