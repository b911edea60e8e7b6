// What shoppers say: scores over the weeks and at each stage, what it is about, and the words beside the path that led to them.

import { chart } from "../chart/frame.js";
import { intervals } from "../chart/intervals.js";
import { stacks } from "../chart/stacks.js";
import { weeks } from "../chart/weeks.js";
import { h } from "../dom.js";
import { date, decimal, number, percent, signed } from "../format.js";
import { stageClass } from "../map.js";
import { nps as npsTile, scale as scaleTile } from "../scores.js";
import { name, t } from "../texts.js";
import { journeyLink, way } from "./parts.js";

export const reads = (wanted) => ["voice", wanted];

/** Words that lie open; the others are a click away. */
const FIRST = 12;

const EMOTIONS = ["frustrated", "confused", "neutral", "satisfied"];

/** How each score is told: its value with its interval, and its scale. */
const SCORES = {
  nps: { from: -100, to: 100, say: (value) => signed(Math.round(value)), of: ({ score, margin }) => [score, score - margin, score + margin] },
  csat: { from: 0, to: 100, say: (value) => percent(value / 100), of: ({ score, low, high }) => [score, low, high] },
  ces: { from: 1, to: 7, say: decimal, of: ({ mean, margin }) => [mean, mean - margin, mean + margin] },
  ces5: { from: 1, to: 5, say: decimal, of: ({ mean, margin }) => [mean, mean - margin, mean + margin] },
};

export const isEmpty = (data) => !Object.values(data.scores).some((score) => score.n) && !data.words?.length && !data.choices.length && !data.themes.length;

export function show(data, { wanted }) {
  const asked = Object.keys(SCORES).filter((kind) => data.scores[kind].n);
  return [
    asked.length ? h("ul", { class: "tiles" }, asked.map((kind) => scoreTile(kind, data.scores[kind], data.min_n))) : null,
    h("div", { class: "pair" }, asked.map((kind) => overWeeks(kind, data))),
    h("div", { class: "pair" }, asked.map((kind) => byStage(kind, data))),
    data.themes.length ? themes(data) : null,
    data.choices.length ? h("section", { class: "picked", "aria-labelledby": "h-picked" }, h("h3", { id: "h-picked" }, t("pickedTitle")), h("p", { class: "note" }, t("pickedNote")),
      h("div", { class: "pair" }, data.choices.map((one) => choices(one, data.min_n)))) : null,
    data.words?.length ? words(data.words, wanted) : null,
  ];
}

function scoreTile(kind, score, min) {
  const said = kind === "nps" ? npsTile(score) : scaleTile(score, kind);
  return h("li", { class: "tile" }, h("span", { class: "label" }, name("scoreName", kind)), h("strong", null, said.big), said.bar,
    h("span", { class: "sub" }, said.few ? `${said.small} · ${t("scoreNeeds", { min })}` : said.small));
}

/** Value and interval, or nothing where there are too few answers. */
function measured(kind, score) {
  if (score.score === null) return { value: null, low: null, high: null };
  const [value, low, high] = SCORES[kind].of(score);
  return { value, low, high };
}

function saying(kind, score) {
  const { value, low, high } = measured(kind, score);
  const { say } = SCORES[kind];
  return value === null ? t("answersN", { n: number(score.n) }) : `${say(value)} (${t("toward", { low: say(low), high: say(high) })})`;
}

/** The same beside the number of answers. */
const told = (kind, score, min) => (score.score === null ? t("belowN", { min }) : saying(kind, score));

const data3 = (kind, score) => {
  const { value, low, high } = measured(kind, score);
  return [score.n, value, low, high];
};

function overWeeks(kind, data) {
  const { from, to, say } = SCORES[kind];
  const points = data.weeks.map((week) => ({ week, score: week.scores[kind] })).map(({ week, score }) => ({
    name: date(week.from), n: score.n, ...measured(kind, score), title: `${t("weekOf", { day: date(week.from) })}: ${saying(kind, score)}, ${t("answersN", { n: number(score.n) })}`,
  }));
  return chart({
    name: `weeks-${kind}`, title: t("weeksTitle", { score: name("scoreName", kind) }), note: t("weeksNote", { min: data.min_n }),
    // An empty frame would look like a mistake.
    draw: points.some((point) => point.value !== null) ? weeks({ points, from, to, say, few: (point) => t("nAnswers", { n: number(point.n) }), label: t("weeksLabel", { score: name("scoreName", kind) }) }) : null,
    columns: [{ label: t("colWeek") }, { label: t("colAnswers"), number: true }, { label: name("scoreName", kind), number: true }],
    rows: data.weeks.map((week) => [date(week.from), number(week.scores[kind].n), told(kind, week.scores[kind], data.min_n)]),
    csvRows: [["week", "answers", kind, "low", "high"], ...data.weeks.map((week) => [week.from, ...data3(kind, week.scores[kind])])],
  });
}

function byStage(kind, data) {
  const { from, to, say } = SCORES[kind];
  const stages = data.stages.filter((stage) => stage.scores[kind].n);
  const label = (stage) => name("stage", stage.stage || "none");
  return chart({
    name: `stages-${kind}`, title: t("byStageTitle", { score: name("scoreName", kind) }), note: t("byStageNote"),
    draw: intervals({
      from, to, say, label: t("byStageLabel", { score: name("scoreName", kind) }),
      rows: stages.map((stage) => ({ label: label(stage), sub: t("answersN", { n: number(stage.scores[kind].n) }),
        marks: [{ kind: bad(kind, stage.scores[kind], data.scores[kind]) ? "bad" : "one", ...measured(kind, stage.scores[kind]), text: short(kind, stage.scores[kind], data.min_n) }] })),
    }),
    columns: [{ label: t("colStage") }, { label: t("colAnswers"), number: true }, { label: name("scoreName", kind), number: true }],
    rows: stages.map((stage) => [h("span", { class: `stage-name ${stageClass(stage.stage)}` }, label(stage)), number(stage.scores[kind].n), told(kind, stage.scores[kind], data.min_n)]),
    csvRows: [["stage", "answers", kind, "low", "high"], ...stages.map((stage) => [stage.stage, ...data3(kind, stage.scores[kind])])],
  });
}

const short = (kind, score, min) => (score.score === null ? t("belowN", { min }) : SCORES[kind].say(measured(kind, score).value));

/** Red says "look here first": the whole interval lies below the score over all. */
const bad = (kind, score, all) => score.score !== null && measured(kind, score).high < (measured(kind, all).value ?? -Infinity);

function themes(data) {
  // What is not told to whoever came by a link is not nothing.
  const count = (theme, kind) => (kind in theme.emotions ? theme.emotions[kind] : 0);
  const parts = (theme) => EMOTIONS.map((kind) => ({ kind, n: count(theme, kind), title: `${name("theme", theme.theme)}: ${name("emotion", kind)} ${number(count(theme, kind))}` }));
  return chart({
    name: "themes", title: t("themesTitle"), note: t("themesNote"),
    draw: stacks({ label: t("themesLabel"), rows: data.themes.map((theme) => ({ label: name("theme", theme.theme), n: theme.n, text: number(theme.n), parts: parts(theme) })) }),
    before: h("ul", { class: "keys squares" }, EMOTIONS.map((kind) => h("li", { class: kind }, name("emotion", kind)))),
    columns: [{ label: t("colTheme") }, { label: t("colAnswers"), number: true }, ...EMOTIONS.map((kind) => ({ label: name("emotion", kind), number: true }))],
    rows: data.themes.map((theme) => [name("theme", theme.theme), number(theme.n), ...EMOTIONS.map((kind) => number(count(theme, kind)))]),
    csvRows: [["theme", "answers", ...EMOTIONS], ...data.themes.map((theme) => [theme.theme, theme.n, ...EMOTIONS.map((kind) => count(theme, kind))])],
  });
}

function choices(one, min) {
  const title = [name("prompt", one.prompt), one.step !== one.prompt && name("step", one.step)].filter(Boolean).join(" · ");
  const part = (n) => (one.n < min ? t("outOf", { part: number(n), whole: number(one.n) }) : percent(n / one.n));
  return chart({
    name: `picked-${one.prompt}-${one.step}`, title, note: t("answersN", { n: number(one.n) }),
    draw: stacks({ label: title, rows: one.picked.map(([choice, n]) => ({ label: name("choice", choice), n, text: part(n), parts: [{ kind: "one", n, title: `${name("choice", choice)}: ${part(n)}` }] })) }),
    columns: [{ label: t("colChoice") }, { label: t("colAnswers"), number: true }, { label: t("colShare"), number: true }],
    rows: one.picked.map(([choice, n]) => [name("choice", choice), number(n), part(n)]),
    csvRows: [["choice", "n", "of"], ...one.picked.map(([choice, n]) => [choice, n, one.n])],
  });
}

function words(list, wanted) {
  return h("section", { class: "chart said-words", "aria-labelledby": "t-words" }, h("h3", { id: "t-words" }, t("wordsTitle")), h("p", { class: "note" }, t("wordsNote")),
    verbatims(list.slice(0, FIRST), wanted),
    list.length > FIRST && h("details", { class: "rest", "data-d": "words" }, h("summary", { "data-f": "words" }, t("wordsMore", { n: list.length - FIRST })), verbatims(list.slice(FIRST), wanted)));
}

function verbatims(list, wanted) {
  return h("ul", { class: "verbatims" }, list.map((one) => h("li", { class: one.emotion ?? "" },
      h("blockquote", null, h("q", null, one.text)),
      h("p", { class: "about" }, h("span", null, date(one.day)), h("span", { class: `stage-name ${stageClass(one.stage)}` }, name("stage", one.stage || "none")),
        one.score !== null && h("span", null, `${name("ask", one.ask)} ${one.score}`), one.emotion && h("span", { class: `mood ${one.emotion}` }, name("emotion", one.emotion)),
        one.themes.map((theme) => h("span", { class: "tag" }, name("theme", theme)))),
      h("div", { class: "led" }, h("span", { class: "sr" }, `${t("pathOf")}: `), way(one.path), one.path.length ? journeyLink(one.journey, wanted) : null))));
}
