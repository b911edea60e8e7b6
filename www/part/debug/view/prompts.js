import { code, list, note, table, time, title } from "./parts.js";

/** Bits of what may be done with prompts: `polku_core::asker::may`. */
const ASK = 1;
const MEASURE = 2;

/** What opened, and what kept the others shut. */
export function prompts({ book, words }) {
  const { shell, may, heads } = book.state;
  const { options = {} } = shell || {};
  const seen = book.entries.filter(({ type }) => type === "prompt").reverse();
  const last = {};
  for (const { detail } of [...seen].reverse()) last[detail.prompt] = detail;
  const opens = Object.fromEntries(heads.map(({ id, when }) => [id, when]));
  const all = [...new Set([...Object.keys(opens), ...Object.keys(last)])];
  const why = ({ event, reason, trigger, step }) => [
    words.prompt[event] || event,
    trigger ? [" (", code(trigger), ")"] : "",
    step ? [" ", code(step)] : "",
    reason ? `: ${words.reasons[reason] || reason}` : "",
  ].flat();
  return [
    list([
      [words.fields.definitions, options.prompts || options.questions ? code(options.prompts || options.questions) : words.none.prompts],
      [words.fields.may, may & ASK ? (may & MEASURE ? words.may.measured : words.may.unmeasured) : words.may.no],
    ]),
    title(words.titles.now),
    all.length ? table(words.columns.prompts, all.map((id) => [code(id), last[id] ? why(last[id]) : words.none.triggered, code(opens[id] ?? "")])) : note(words.none.definitions),
    ...(seen.length ? [title(words.titles.past), table(words.columns.told, seen.map(({ t, detail }) => [time(t), code(detail.prompt), why(detail)]))] : []),
  ];
}
