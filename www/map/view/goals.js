// The loop closed: goals and how they stand, what was changed with the days before and after it, and what the shop believes and aims at.

import { readStatements, readView } from "../api.js";
import { chart } from "../chart/frame.js";
import { intervals } from "../chart/intervals.js";
import { progress } from "../chart/progress.js";
import { h } from "../dom.js";
import { date, fullDate, number, percent, signed } from "../format.js";
import { stageClass } from "../map.js";
import { ofStage } from "../stated.js";
import { name, t } from "../texts.js";
import { edit } from "./goals-forms.js";
import { signedPoints } from "./parts.js";

/** Changes that are drawn; the rest are folded away. */
const DRAWN = 8;
const KPIS = ["conversion", "nps", "csat", "ces", "ces5", "frustrated", "friction", "reached", "return_within_90_days"];

export const without = ["since", "until", "bought"];

export const isEmpty = () => false;

/** What is stated beside what is measured, and the stages that the shop's paths have. */
export async function read({ since, until, bought, ...wanted }) {
  const [goals, changes, set] = await Promise.all([readView("goals", wanted), readView("before-after", wanted), readView("setup", wanted.key ? { key: wanted.key } : {})]);
  // Last: what is edited must not be older than what is seen.
  const stated = await readStatements(wanted.key);
  return { goals, changes, stated, stages: set.stages.map((stage) => stage.name) };
}

export function show(data, { wanted }, again) {
  if (!data.stated) return h("section", { class: "nothing" }, h("h3", null, t("statedWhose")), h("p", null, t("statedWhoseText")));
  const of = { ...data, key: wanted.key, again, kpis: KPIS, stages: known(data) };
  return [goalsOf(of), changesOf(of), stagesOf(of)];
}

/** The stages of the paths, and those that are stated. */
function known({ stages, stated: { statements: { beliefs, targets, goals, changes } } }) {
  const stated = [...beliefs, ...targets, ...goals, ...changes].map((one) => one.stage).filter(Boolean);
  return [...new Set([...stages, ...stated])];
}

/** A value of a KPI: points of NPS with their sign, else per cent. */
export const level = (kpi, value) => (kpi === "nps" ? signed(Math.round(value)) : t("percentOf", { n: number(Math.round(value * 10) / 10) }));

const where = (stage) => (stage ? name("stage", stage) : t("wholePath"));

const add = (of, what, label) => h("button", { type: "button", class: "primary", "data-f": `add-${what}`, onclick: () => edit[what](of, null) }, label);

const change = (of, what, at, one, title) => h("button", { type: "button", class: "quiet", "data-f": `edit-${what}-${at}`, "aria-label": t("editOf", { title }), onclick: () => edit[what](of, one, `edit-${what}-${at}`) }, t("edit"));

const head = (title, note, button) => h("div", { class: "loop-head" }, h("div", null, h("h3", null, title), h("p", { class: "note" }, note)), button);

function goalsOf(of) {
  const { goals, min_n: least, days, today } = of.goals;
  return h("section", { class: "loop goals", "aria-label": t("goalsTitle") },
    head(t("goalsTitle"), t("goalsNote", { n: days, min: least }), add(of, "goal", t("addGoal"))),
    goals.length ? h("div", { class: "pair" }, goals.map((one, at) => goal(of, one, at, today))) : h("p", { class: "none-yet" }, t("goalsNone")));
}

function goal(of, one, at, today) {
  const say = (value) => level(one.kpi, value);
  const stated = of.stated.statements.goals.find((goal) => goal.id === one.id);
  const aims = [{ on: one.since, value: one.from }, ...(one.milestones ?? []), { on: one.by, value: one.to }];
  const told = (point) => (point.measured.value === null ? t("countOnly", { n: number(point.measured.n) }) : t("measured", { value: say(point.measured.value), low: say(point.measured.low), high: say(point.measured.high) }));
  const now = one.now.value === null
    ? t("goalFew", { n: number(one.now.n), min: of.goals.min_n })
    : t("goalNow", { value: say(one.now.value), low: say(one.now.low), high: say(one.now.high), expected: say(one.expected) });
  return chart({
    name: `goal-${at}`, title: one.id, note: [t(`kpi_${one.kpi}`), where(one.stage), one.owner].filter(Boolean).join(" · "),
    before: [h("p", { class: `stand is-${one.state}` }, h("b", null, t(`state_${one.state}`)), " ", one.state !== "too_few" && !one.sure ? h("small", null, t("maybeChance")) : null),
      h("p", { class: "note" }, now, " ", t("goalBy", { from: say(one.from), to: say(one.to), by: fullDate(one.by) }))],
    draw: progress({
      aims, today, say, date, label: t("goalLabel", { title: one.id }),
      points: one.line.map((point) => ({ on: point.on, ...point.measured, title: `${fullDate(point.on)}: ${told(point)}` })),
    }),
    columns: [{ label: t("colUntilDay") }, { label: t("colMeasured"), number: true }, { label: t("colExpected"), number: true }],
    rows: one.line.map((point) => [fullDate(point.on), told(point), say(point.expected)]),
    csvRows: [["goal", "kpi", "stage", "until", "n", "value", "low", "high", "expected"],
      ...one.line.map((point) => [one.id, one.kpi, one.stage ?? "", point.on, point.measured.n, point.measured.value, point.measured.low, point.measured.high, point.expected])],
    after: stated && change(of, "goal", at, stated, one.id),
  });
}

function changesOf(of) {
  const { changes } = of.changes;
  const [drawn, rest] = [changes.slice(0, DRAWN), changes.slice(DRAWN)];
  return h("section", { class: "loop", "aria-label": t("changesTitle") },
    head(t("changesTitle"), t("changesNote", { n: of.changes.days, min: of.changes.min_n }), add(of, "change", t("addChange"))),
    changes.length ? h("div", { class: "pair" }, drawn.map((one, at) => compared(of, one, at))) : h("p", { class: "none-yet" }, t("changesNone")),
    rest.length ? h("details", { class: "rest", "data-d": "changes" }, h("summary", null, t("changesMore", { n: rest.length })),
      h("div", { class: "pair" }, rest.map((one, at) => compared(of, one, at + DRAWN)))) : null);
}

function compared(of, one, at) {
  const stated = of.stated.statements.changes.find((change) => change.on === one.on && change.what === one.what && change.stage === one.stage);
  const shares = one.measures.filter((each) => each.kpi !== "nps" && each.before.value !== null && each.after.value !== null);
  const side = (kind, { value, low, high }) => ({ kind, value, low, high, text: percent(value / 100) });
  const told = (kpi, measured) => (measured.value === null ? t("countOnly", { n: number(measured.n) })
    : [h("b", null, level(kpi, measured.value)), h("small", null, ` ${t("nValues", { n: number(measured.n) })}`)]);
  const span = one.days ? t("changeSpan", { n: one.days, since: date(one.since), until: date(one.until) }) : t("changeNoSpan");
  const button = stated && change(of, "change", at, stated, one.what);
  const note = [fullDate(one.on), where(one.stage), span, one.short ? t(`short_${one.short}`) : null].filter(Boolean).join(" · ");
  if (!one.measures.length) return h("section", { class: "chart" }, h("h3", null, one.what), h("p", { class: "note" }, note), button);
  return chart({
    name: `change-${at}`, title: one.what, note, open: true,
    draw: shares.length ? intervals({
      rows: shares.map((each) => ({ label: t(`kpi_${each.kpi}`), marks: [side("one", each.before), side("good", each.after)] })), to: 100,
      say: (value) => percent(value / 100), label: t("changeLabel", { title: one.what }),
    }) : null,
    before: shares.length ? h("ul", { class: "keys dots" }, h("li", { class: "one" }, t("before")), h("li", { class: "good" }, t("after"))) : null,
    columns: [{ label: t("colKpi") }, { label: t("before"), number: true }, { label: t("after"), number: true }, { label: t("colGap"), number: true }],
    rows: one.measures.map((each) => [t(`kpi_${each.kpi}`), told(each.kpi, each.before), told(each.kpi, each.after), verdict(each)]),
    csvRows: [["change", "on", "stage", "days", "kpi", ...["before", "after"].flatMap((side) => [`${side}_n`, side, `${side}_low`, `${side}_high`]), "gap_points", "gap_low", "gap_high", "told"],
      ...one.measures.map((each) => [one.what, one.on, one.stage ?? "", one.days, each.kpi, ...[each.before, each.after].flatMap((side) => [side.n, side.value, side.low, side.high]),
        each.gap?.points, each.gap?.low, each.gap?.high, each.told])],
    after: button,
  });
}

function verdict({ gap, told }) {
  if (!gap) return h("span", { class: "none" }, t("tooFew"));
  const kind = { better: "better", worse: "worse", cannot_be_told: "open" }[told];
  return h("span", { class: `gap gap-${kind}` }, h("b", null, t(`told_${told}`)),
    h("small", null, ` ${t("pointsN", { n: signedPoints(gap.points) })} ${t("fromTo", { low: signedPoints(gap.low), high: signedPoints(gap.high) })}`));
}

function stagesOf(of) {
  const { statements } = of.stated;
  const rows = of.stages.map((stage) => ({ stage, ...ofStage(statements, stage) }));
  const aims = (targets) => targets.map(({ kpi, target }) => t("targetOf", { kpi: t(`kpi_${kpi}`), value: level(kpi, target) })).join(", ");
  return chart({
    name: "stated", title: t("statedTitle"), note: t("statedNote"), open: true,
    columns: [{ label: t("colStage") }, { label: t("colBelief") }, { label: t("colTargets") }, { label: t("edit") }],
    rows: rows.map(({ stage, belief, targets }) => [h("span", { class: `stage-name ${stageClass(stage)}` }, name("stage", stage)),
      belief ? [name("emotion", belief.emotion), belief.note && h("small", null, ` ${belief.note}`)] : "–", targets.length ? aims(targets) : "–",
      h("button", { type: "button", class: "quiet", "data-f": `edit-stage-${stage}`, "aria-label": t("editOf", { title: name("stage", stage) }), onclick: () => edit.stage(of, stage, `edit-stage-${stage}`) }, t("edit"))]),
    csvRows: [["stage", "belief", "note", "kpi", "target"], ...rows.flatMap(({ stage, belief, targets }) => (targets.length ? targets : [{}]).map(({ kpi, target }) =>
      [stage, belief?.emotion, belief?.note, kpi, target]))],
  });
}
