import { code, list, note, table, time, title } from "./parts.js";

/** Where the journey stands, and which stage was entered by what. */
export function journey({ book, words }) {
  const now = window.polku.journey();
  const { by: who } = words;
  const entered = book.entries.filter(({ type, event }) => type === "event" && event.name === "stage_enter").reverse();
  const felt = book.entries.filter(({ type }) => type === "emotion").reverse();
  const off = book.state.shell ? words.none.journey : words.none.shell;
  return [
    now
      ? list([
          [words.fields.stage, now.stage],
          [words.fields.journey, code(now.id)],
          [words.fields.started, time(now.started * 1000)],
          [words.fields.device, `${now.device}, ${now.lang}`],
        ])
      : note(off),
    title(words.titles.stages),
    entered.length
      ? table(
          words.columns.stages,
          entered.map(({ t, event: { stage, data } }) => [time(t), stage, data.from, [code(data.rule), ` ${data.rule === "page_view" ? who.engine : ""}`], data.visit]),
        )
      : note(words.none.stages),
    ...(felt.length ? [title(words.titles.emotions), table(words.columns.emotions, felt.map(({ t, detail }) => [time(t), detail.stage, detail.emotion, code(detail.evidence ?? "")]))] : []),
  ];
}
