// How many felt how: said in words, as parts of a bar, and as one number between them.

import { weeks } from "../chart/weeks.js";
import { chart } from "../chart/frame.js";
import { h } from "../dom.js";
import { number, percent, signed } from "../format.js";
import { stageClass } from "../map.js";
import { name, t } from "../texts.js";

export const EMOTIONS = ["frustrated", "confused", "neutral", "satisfied"];

/** A feeling's part of all, or the two numbers where there are few. */
export const part = (mood, kind, min) => (mood[kind] === null || mood.n === null ? "–" : mood.n < min ? t("outOf", { part: number(mood[kind]), whole: number(mood.n) }) : percent(mood[kind] / mood.n));

/** The same as a point of a curve. */
export function point(stage, mood) {
  const known = mood.balance !== null && mood.margin !== null;
  const where = name("stage", stage);
  const n = t("nAnswers", { n: number(mood.n) });
  return {
    name: where, n: mood.n, value: known ? mood.balance : null, low: known ? Math.max(-100, mood.balance - mood.margin) : null, high: known ? Math.min(100, mood.balance + mood.margin) : null,
    text: known ? signed(Math.round(mood.balance)) : n, title: known ? `${where}: ${signed(Math.round(mood.balance))} ±${Math.round(mood.margin)}, ${n}` : `${where}: ${n}`,
  };
}

/** What was felt in a cell: a bar of the four, and the most telling of them in words. */
export function felt(mood, min) {
  if (!mood.n) return null;
  const kinds = EMOTIONS.filter((kind) => mood[kind]);
  return h("div", { class: "felt" },
    h("span", { class: "stack moods", "aria-hidden": "true" }, kinds.map((kind) => h("span", { class: kind, style: { "flex-grow": mood[kind] } }))),
    h("ul", null, kinds.filter((kind) => kind !== "neutral" || kinds.length === 1).map((kind) => h("li", { class: `mood ${kind}` }, `${name("emotion", kind)} `, h("b", null, part(mood, kind, min))))),
    h("small", null, t("nJourneys", { n: number(mood.n) })));
}

/** The colours of the four. */
export const keys = () => h("ul", { class: "keys squares" }, EMOTIONS.map((kind) => h("li", { class: kind }, name("emotion", kind))));

/** The curve with its numbers. Rows are `{ stage, mood }`. */
export function moodChart(key, title, note, rows, min) {
  const points = rows.map(({ stage, mood }) => point(stage, mood));
  const most = Math.min(100, Math.max(25, ...points.filter((one) => one.value !== null).flatMap((one) => [Math.abs(one.low), Math.abs(one.high)])));
  return chart({
    name: key, title, note,
    draw: points.some((one) => one.value !== null) ? weeks({ points, from: -most, to: most, say: (value) => signed(Math.round(value)), few: (one) => t("nAnswers", { n: number(one.n) }), label: t("moodLabel") }) : null,
    columns: [{ label: t("colStage") }, { label: t("colJourneys"), number: true }, ...EMOTIONS.map((kind) => ({ label: name("emotion", kind), number: true })), { label: t("balance"), number: true }],
    rows: rows.map(({ stage, mood }, at) => [h("span", { class: `stage-name ${stageClass(stage)}` }, name("stage", stage)), number(mood.n), ...EMOTIONS.map((kind) => part(mood, kind, min)),
      points[at].value === null ? t("belowN", { min }) : `${signed(Math.round(mood.balance))} ±${Math.round(mood.margin)}`]),
    csvRows: [["stage", "n", ...EMOTIONS, "balance", "margin"], ...rows.map(({ stage, mood }) => [stage, mood.n, ...EMOTIONS.map((kind) => mood[kind]), mood.balance, mood.margin])],
  });
}
