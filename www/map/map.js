// The map: stages across and lenses down; on a narrow screen one stage after the other.

import { link } from "./address.js";
import { curve } from "./chart/curve.js";
import { begin, chart, fit, plot } from "./chart/frame.js";
import { h } from "./dom.js";
import { duration, number, percent } from "./format.js";
import { spoken } from "./scores.js";
import { shared } from "./sharing.js";
import { name, t } from "./texts.js";
import { range, standing, value } from "./view/kpi.js";
import { felt, moodChart, point } from "./view/mood.js";

const LENSES = ["did", "saw", "felt", "tech", "voice"];
const DEFAULT_STAGES = ["awareness", "consideration", "decision", "retention", "advocacy"];
const narrow = matchMedia("(max-width: 900px)");

/** The colour of a stage; a stage of the shop's own framework takes its turn. */
export const stageClass = (stage) => (DEFAULT_STAGES.includes(stage) ? `s-${stage}` : "s-other");

let last = null;

/** Draws the map, unless it would look the same: what is looked at stays where it is. `wanted` is the filter, `language` that of the texts. */
export function showMap(place, data, wanted, language) {
  const told = JSON.stringify([data, wanted, language]);
  const draw = () => {
    const focused = place.contains(document.activeElement) ? document.activeElement.dataset.f : null;
    const open = new Set([...place.querySelectorAll("details[open]")].map((one) => one.dataset.d));
    begin();
    const parts = [narrow.matches ? cards(data, wanted) : table(data, wanted), elsewhere(data), charts(data)];
    place.replaceChildren(...parts.flat(2).filter(Boolean));
    for (const one of place.querySelectorAll("details")) one.open = open.has(one.dataset.d);
    fit();
    if (focused) place.querySelector(`[data-f="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  };
  narrow.onchange = () => place.checkVisibility() && draw();
  if (told !== last) draw();
  else fit();
  last = told;
}

/** The next one is drawn whatever it says: another view has had the page meanwhile. */
export const forgetMap = () => { last = null; };

const moods = (data) => data.stages.filter((stage) => stage.mood.n).map((stage) => ({ stage: stage.stage, mood: stage.mood }));

/** The same numbers as pictures and tables of their own, to be saved. */
function charts(data) {
  const kpis = data.stages.flatMap((stage) => stage.kpis.filter((one) => one.measured.n || one.target !== null).map((one) => ({ stage, ...one })));
  return [
    moods(data).length ? moodChart("mood", t("moodTitle"), t("moodNote", { min: data.min_n }), moods(data), data.min_n) : null,
    kpis.length ? chart({
      name: "kpis", title: t("kpisTitle"), note: t("kpisNote"),
      columns: [{ label: t("colStage") }, { label: t("colKpi") }, { label: t("colCount"), number: true }, { label: t("colValue"), number: true }, { label: t("colTarget"), number: true }, { label: t("colVerdict") }],
      rows: kpis.map(({ stage, kpi, measured, target, verdict }) => [h("span", { class: `stage-name ${stageClass(stage.stage)}` }, name("stage", stage.stage)), t(`kpi_${kpi}`), number(measured.n),
        measured.value === null ? t("tooFew") : [h("b", null, value(kpi, measured.value)), h("small", null, ` ${range(kpi, measured)}`)],
        target === null ? "–" : value(kpi, target), verdict ? h("span", { class: `verdict ${verdict}` }, t(`verdict_${verdict}`)) : "–"]),
      csvRows: [["stage", "kpi", "n", "value", "low", "high", "target", "verdict"], ...kpis.map(({ stage, kpi, measured, target, verdict }) => [stage.stage, kpi, measured.n, measured.value, measured.low, measured.high, target, verdict])],
    }) : null,
    chart({
      name: "cells", title: t("cellsTitle"), note: t("cellsNote"), label: t("asTable"), ...cells(data),
    }),
  ];
}

/** Everything of the map as rows. */
function cells(data) {
  const rows = data.stages.flatMap((stage) => [
    ...Object.entries(stage.lenses).flatMap(([lens, all]) => all.map((one) => ({ stage, lens, kind: "touchpoint", ...one }))),
    ...stage.friction.map((one) => ({ stage, kind: "friction", ...one }))]);
  return {
    columns: [{ label: t("colStage") }, { label: t("lensHead") }, { label: t("colEvent") }, { label: t("colJourneys"), number: true }, { label: t("colShare"), number: true }],
    rows: rows.map((one) => [name("stage", one.stage.stage), name("lens", one.lens), name("touchpoint", one.name), number(one.journeys), portion(one, one.stage.entered, data.min_n)]),
    csvRows: [["stage", "lens", "kind", "name", "journeys", "entered"], ...rows.map((one) => [one.stage.stage, one.lens, one.kind, one.name, one.journeys, one.stage.entered])],
    folded: true,
  };
}

function table(data, wanted) {
  return h("div", { class: "map", tabindex: "0", role: "group", "aria-labelledby": "h-map" },
    h("table", null,
      h("thead", null, h("tr", null,
        h("td", null),
        data.stages.map((stage) => h("th", { scope: "col", class: `stage ${stageClass(stage.stage)}` }, stageHead(stage, data))))),
      h("tbody", null, LENSES.flatMap((lens) => {
        const drawn = lens === "felt" && moods(data).length > 0;
        const head = h("th", { scope: "row", rowspan: drawn ? 2 : null }, name("lens", lens), h("small", null, name("lensHint", lens)));
        const inside = data.stages.map((stage) => h("td", null, cell(stage, lens, data, wanted)));
        if (drawn) return [h("tr", null, head, h("td", { colspan: data.stages.length, class: "across" }, moodCurve(data))), h("tr", { class: "under-curve" }, inside)];
        return h("tr", { class: data.stages.some((stage) => hasContent(stage, lens)) ? null : "blank" }, head, inside);
      }),
      h("tr", { class: "kpis" }, h("th", { scope: "row" }, t("kpiRow"), h("small", null, t("kpiRowHint"))),
        data.stages.map((stage) => h("td", null, numbers(stage)))))));
}

const moodCurve = (data) => plot(curve({ points: data.stages.map((stage) => point(stage.stage, stage.mood)), label: t("moodLabel") }));

/** The numbers of a stage; nobody came there, nothing is measured. */
function numbers(stage) {
  const told = stage.kpis.filter((one) => one.measured.n || one.target !== null);
  return told.length ? told.map(standing) : h("span", { class: "none", "aria-label": t("nothing") }, "–");
}

/** Leads to all that stands behind a cell. Whoever came by a link sees what the link shows. */
const behind = (stage, lens, wanted) => (shared() ? null : h("a", { class: "behind", href: link("cell", wanted, { stage: stage.stage, lens }), "data-f": `cell-${stage.stage}-${lens}`,
  "aria-label": t("openCell", { stage: name("stage", stage.stage), lens: name("lens", lens) }) }, t("open")));

function cards(data, wanted) {
  return h("div", { class: "cards" }, data.stages.map((stage) => {
    const filled = LENSES.filter((lens) => hasContent(stage, lens));
    return h("section", { class: `card ${stageClass(stage.stage)}` },
      h("h3", { class: "stage" }, stageHead(stage, data)),
      filled.map((lens) => h("div", { class: "part" }, h("h4", null, name("lens", lens)), cell(stage, lens, data, wanted))),
      h("div", { class: "part" }, h("h4", null, t("kpiRow")), numbers(stage)));
  }));
}

function stageHead(stage, { totals, min_n: min }) {
  const of = totals.journeys;
  const count = !stage.entered ? t("nothing")
    : of < min ? t("ofWhole", { part: number(stage.entered), whole: number(of) })
    : `${t("entered", { n: number(stage.entered) })} · ${percent(stage.share)}`;
  return [
    h("span", { class: "name" }, name("stage", stage.stage)),
    h("span", { class: "share", "aria-hidden": "true" }, h("span", { style: { width: `${(stage.share ?? 0) * 100}%` } })),
    h("small", null, count),
    stage.dwell_median_ms ? h("small", null, t("dwell", { time: duration(stage.dwell_median_ms) })) : null,
    stage.returned ? h("small", null, `↺ ${t("returned", { n: number(stage.returned) })}`) : null,
  ];
}

const hasContent = (stage, lens) => lens === "voice"
  ? stage.voice.n > 0
  : (lens === "felt" && stage.mood.n > 0) || stage.lenses[lens]?.length > 0 || stage.friction.some((friction) => friction.lens === lens);

function cell(stage, lens, data, wanted) {
  if (!hasContent(stage, lens)) return h("span", { class: "none", "aria-label": t("nothing") }, "–");
  if (lens === "voice") return [...voice(stage.voice), behind(stage, lens, wanted)];
  const friction = stage.friction.filter((friction) => friction.lens === lens);
  return [lens === "felt" ? felt(stage.mood, data.min_n) : null, bars(stage, lens, data), friction.length ? chips(stage, friction, data) : null, behind(stage, lens, wanted)];
}

function bars(stage, lens, { min_n: min }) {
  // A page view says least; it is shown where nothing else is known.
  const all = stage.lenses[lens] ?? [];
  const shown = all.some((one) => one.name !== "page_view") ? all.filter((one) => one.name !== "page_view") : all;
  if (!shown.length) return null;
  return h("ul", { class: "bars" }, shown.map((one) => h("li", null,
    h("span", { class: "name" }, name("touchpoint", one.name)),
    h("span", { class: "value" }, portion(one, stage.entered, min)),
    h("span", { class: "bar", "aria-hidden": "true" }, h("span", { style: { width: `${one.share * 100}%` } })))));
}

function chips(stage, friction, { min_n: min }) {
  return h("ul", { class: "chips" }, friction.map((one) => h("li", {
    // Red says "look here first"; a few journeys cannot say that.
    class: one.share >= 0.2 && stage.entered >= min ? "chip bad" : "chip",
    title: t("frictionChip", { name: name("touchpoint", one.name), part: number(one.journeys), whole: number(stage.entered) }),
  }, h("span", null, name("touchpoint", one.name)), " ", h("b", null, portion(one, stage.entered, min)))));
}

/** Few journeys are told as they are: "4 / 12" does not pretend to be a rate. */
const portion = (one, entered, min) =>
  entered < min ? t("outOf", { part: number(one.journeys), whole: number(entered) }) : percent(one.share);

function voice(said) {
  return [
    spoken(said.scores).map(([kind, score]) => h("div", { class: "score" },
      h("span", null, name("ask", kind), " ", h("strong", null, score.big)), score.bar, h("small", null, score.small))),
    said.choices.map((choices) => h("ul", { class: "picks" }, choices.top.slice(0, 3).map(([choice, n]) =>
      h("li", null, h("span", null, name("choice", choice)), h("b", null, t("outOf", { part: number(n), whole: number(choices.n) })))))),
    said.words?.length ? h("ul", { class: "words" }, said.words.slice(0, 3).map((words) =>
      h("li", null, h("q", null, words.text), words.score === null ? null : h("small", null, ` ${name("ask", words.ask)} ${words.score}`)))) : null,
  ];
}

function elsewhere({ elsewhere: said }) {
  if (!said.n) return null;
  return h("section", { class: "elsewhere" },
    h("h3", null, t("elsewhere"), " ", h("small", null, t("elsewhereHint"))), h("div", { class: "row" }, voice(said)));
}
