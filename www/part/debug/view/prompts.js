import { code, list, note, table, time, title } from "./parts.js";

/** Bits of what may be done with prompts: `polku_core::asker::may`. */
const ASK = 1;
const MEASURE = 2;

/** What opened, and what kept the others shut. */
export function prompts({ book, words }) {
  const { shell, may } = book.state;
  const { options = {} } = shell || {};
  const seen = book.entries.filter(({ type }) => type === "prompt").reverse();
  const last = {};
  for (const { detail } of [...seen].reverse()) last[detail.prompt] = detail;
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
    Object.keys(last).length ? table(words.columns.prompts, Object.values(last).map((detail) => [code(detail.prompt), why(detail)])) : note(words.none.triggered),
    ...(seen.length ? [title(words.titles.past), table(words.columns.told, seen.map(({ t, detail }) => [time(t), code(detail.prompt), why(detail)]))] : []),
  ];
}
