import { code, list, note, table, time, title } from "./parts.js";

/** Who has decided what, when, and what comes of it. */
export function consent({ book, words }) {
  const { shell, may, standing } = book.state;
  const { options = {} } = shell || {};
  const said = (value) => (value === undefined ? words.consent.unsaid : value ? words.consent.granted : words.consent.denied);
  const heard = book.entries.filter(({ type }) => type === "consent" || type === "erase" || type === "may").reverse();
  const { globalPrivacyControl: gpc, doNotTrack: dnt } = navigator;
  const journey = window.polku.journey();
  const rows = heard.map((entry) => {
    const { type, t, by, since, policy } = entry;
    if (type === "erase") return [time(t), words.consent.erased];
    if (type === "may") return [time(t), `${words.fields.may}: ${entry.flags & 1 ? words.yes : words.no}; measure: ${entry.flags & 2 ? words.yes : words.no}`];
    if (entry.withdrawn) return [time(t), words.consent.withdrawn];
    const parts = ["measure", "remember", "feedback"].map((purpose) => `${purpose} ${said(entry[purpose])}`).join(", ");
    return [time(t), [code(by), ` (${words.since[since]}): ${parts}`, policy ? [", ", code(policy)] : ""].flat()];
  });
  return [
    list([
      [words.fields.measure, journey ? words.consent.granted : may & 2 ? words.consent.granted : words.consent.not],
      [words.fields.standing, standing && `measure ${standing.measure}, remember ${standing.remember}${standing.by ? ` (${standing.by}, ${words.since[standing.since]})` : ""}`],
      [words.fields.evidence, journey ? code(journey.consent ?? {}) : null],
      ["data-consent", code(options.consent || "auto")],
      ["data-mode", code(options.mode || "strict")],
      [words.fields.signals, `GPC ${gpc ? words.yes : words.no}, DNT ${dnt === "1" ? words.yes : words.no}`],
    ]),
    note(words.explicit),
    title(words.titles.heard),
    rows.length ? table(words.columns.consent, rows) : note(words.none.consent),
  ];
}
