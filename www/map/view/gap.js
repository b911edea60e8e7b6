// The gap: what the shop believes beside what shoppers felt and said; what was expected beside what came; told first touches beside doors.

import { link, VIEWS } from "../address.js";
import { chart } from "../chart/frame.js";
import { intervals } from "../chart/intervals.js";
import { stacks } from "../chart/stacks.js";
import { h } from "../dom.js";
import { number, percent } from "../format.js";
import { stageClass } from "../map.js";
import { shared } from "../sharing.js";
import { name, t } from "../texts.js";
import { groupName } from "./compare.js";
import { EMOTIONS, keys, part } from "./mood.js";
import { gapCell, mark, share, shareCell, shareData, shareHead } from "./parts.js";

const DRAWN = 12;

export const reads = (wanted) => ["gap", wanted];

/** There is always something to say: how to state what is believed, and which question asks about promises. */
export const isEmpty = () => false;

export function show(data, { wanted }) {
  return [
    data.stated ? believed(data) : unstated(wanted),
    h("div", { class: "pair" }, moods("felt", data), moods("said", data)),
    promises(data),
    data.told.n ? told(data) : missing("told"),
  ];
}

/** Nothing is believed yet: how to say it. */
const unstated = (wanted) => h("section", { class: "nothing" }, h("h3", null, t("unstated")), h("p", null, t(shared() ? "unstatedShared" : "unstatedText")),
  !shared() && VIEWS.includes("goals") && h("a", { class: "button", href: link("goals", wanted) }, t("unstatedGo")));

const missing = (kind) => h("section", { class: "nothing" }, h("h3", null, t(`missing_${kind}`)), h("p", null, t(`missing_${kind}_text`)));

const stage = (one) => h("span", { class: `stage-name ${stageClass(one.stage)}` }, name("stage", one.stage));

/** The feeling that most had; none where it is not told. */
function most(mood, min) {
  const kinds = EMOTIONS.filter((kind) => mood[kind]);
  if (!kinds.length) return "–";
  const kind = kinds.reduce((a, b) => (mood[b] > mood[a] ? b : a));
  return [h("span", { class: `mood ${kind}` }, name("emotion", kind)), h("small", null, ` ${part(mood, kind, min)}`)];
}

function believed(data) {
  const stages = data.stages.filter((one) => one.belief);
  const drawn = stages.filter((one) => one.felt_so?.percent !== null || one.said_so?.percent !== null);
  const empty = { n: 0, of: 0, percent: null, low: null, high: null };
  return chart({
    name: "believed", title: t("believedTitle"), note: t("believedNote", { min: data.min_n }), open: true,
    draw: drawn.length ? intervals({
      rows: drawn.map((one) => ({ label: name("stage", one.stage), sub: t("youBelieve", { emotion: name("emotion", one.belief) }), marks: [mark("one", one.felt_so), mark("good", one.said_so)] })),
      to: 104, say: (value) => (value > 100 ? "" : percent(value / 100)), label: t("believedLabel"),
    }) : null,
    before: h("ul", { class: "keys dots" }, h("li", { class: "one" }, t("feltSo")), h("li", { class: "good" }, t("saidSo"))),
    columns: [{ label: t("colStage") }, { label: t("colBelieved") }, { label: t("colFelt") }, { label: t("feltSo"), number: true }, { label: t("colSaid") }, { label: t("saidSo"), number: true }],
    rows: stages.map((one) => [stage(one), [h("span", { class: `mood ${one.belief}` }, name("emotion", one.belief)), one.note && h("small", null, ` ${one.note}`)],
      most(one.felt, data.min_n), one.felt_so.of ? shareCell(one.felt_so) : "–", most(one.said, data.min_n), one.said_so.of ? shareCell(one.said_so) : "–"]),
    csvRows: [["stage", "belief", ...shareHead("felt_so"), ...shareHead("said_so")], ...stages.map((one) => [one.stage, one.belief, ...shareData(one.felt_so ?? empty), ...shareData(one.said_so ?? empty)])],
  });
}

/** How each stage felt, or sounded: parts of each whole. */
function moods(kind, data) {
  const stages = data.stages.filter((one) => one[kind].n);
  if (!stages.length) return missing(kind);
  const min = data.min_n;
  return chart({
    name: `mood-${kind}`, title: t(`${kind}Title`), note: t(`${kind}Note`),
    draw: stacks({ label: t("moodLabel"), rows: stages.map((one) => ({ label: name("stage", one.stage), n: one[kind].n, text: number(one[kind].n),
      parts: EMOTIONS.map((emotion) => ({ kind: emotion, n: one[kind][emotion] ?? 0, title: `${name("stage", one.stage)}: ${name("emotion", emotion)} ${part(one[kind], emotion, min)}` })) })) }),
    before: keys(),
    columns: [{ label: t("colStage") }, { label: t(kind === "felt" ? "colJourneys" : "colAnswers"), number: true }, ...EMOTIONS.map((emotion) => ({ label: name("emotion", emotion), number: true }))],
    rows: stages.map((one) => [stage(one), number(one[kind].n), ...EMOTIONS.map((emotion) => part(one[kind], emotion, min))]),
    csvRows: [["stage", "n", ...EMOTIONS], ...stages.map((one) => [one.stage, one[kind].n, ...EMOTIONS.map((emotion) => one[kind][emotion])])],
  });
}

/** Did orders come as they were expected: over all, then by where shoppers came from and what they looked at. */
function promises({ promise, min_n: min }) {
  if (!promise.all.n) return missing("promise");
  return ["door", "campaign", "category"].map((by) => {
    const list = promise[by].filter((one) => one.name || by === "door");
    if (!list.length || (list.length === 1 && !list[0].name)) return null;
    const label = (one) => (by === "category" ? one.name : groupName(by, one.name));
    const drawn = list.filter((one) => one.kept.percent !== null).slice(0, DRAWN);
    const kind = ({ gap }) => (!gap ? "one" : gap.low > 0 ? "good" : gap.high < 0 ? "bad" : "one");
    const choices = ["exceeded", "met", "short"];
    return chart({
      name: `promise-${by}`, title: t("promiseTitle", { by: t(`promiseBy_${by}`) }), note: t("promiseNote"), open: true,
      draw: drawn.length ? intervals({
        rows: drawn.map((one) => ({ label: label(one), sub: t("answersN", { n: number(one.n) }), marks: [mark(kind(one), one.kept)] })),
        all: promise.all.kept.percent === null ? null : { value: promise.all.kept.percent, text: `${t("allTogether")} ${share(promise.all.kept)}` },
        say: (value) => percent(value / 100), label: t("promiseLabel"),
      }) : null,
      columns: [{ label: t(`promiseCol_${by}`) }, { label: t("colAnswers"), number: true }, ...choices.map((choice) => ({ label: name("choice", choice), number: true })), { label: t("colKept"), number: true }, { label: t("colGapOthers"), number: true }],
      rows: [...list, promise.all].map((one) => [one === promise.all ? h("em", null, t("allTogether")) : label(one), number(one.n),
        ...choices.map((choice) => (one[choice] === null || one.n < min ? number(one[choice]) : percent(one[choice] / one.n))), shareCell(one.kept), one === promise.all ? "–" : gapCell(one.gap)]),
      csvRows: [[by, "n", ...choices, ...shareHead("kept"), "gap_points", "gap_low", "gap_high"],
        ...[...list, promise.all].map((one) => [one === promise.all ? "*" : one.name, one.n, ...choices.map((choice) => one[choice]), ...shareData(one.kept), one.gap?.points, one.gap?.low, one.gap?.high])],
    });
  });
}

/** How shoppers say that they first heard of the shop, and through which door they came. */
function told({ told: { n, doors, touches }, min_n: min }) {
  const drawn = n >= min ? touches.slice(0, DRAWN) : [];
  return chart({
    name: "told", title: t("toldTitle"), note: t("toldNote"), open: true,
    draw: drawn.length ? intervals({
      rows: drawn.map((one) => ({ label: name("choice", one.name), sub: t("answersN", { n: number(one.share.n) }), marks: [mark("one", one.share)] })), say: (value) => percent(value / 100), label: t("toldLabel"),
    }) : null,
    columns: [{ label: t("colTold") }, { label: t("colShare"), number: true }, ...doors.map(([door]) => ({ label: groupName("door", door), number: true }))],
    rows: touches.map((one) => [name("choice", one.name), shareCell(one.share), ...doors.map((_, at) => (one.doors ? number(one.doors[at]) : "–"))]),
    csvRows: [["told", ...shareHead("share"), ...doors.map(([door]) => door)], ...touches.map((one) => [one.name, ...shareData(one.share), ...doors.map((_, at) => one.doors?.[at])])],
  });
}
