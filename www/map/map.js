// The map: stages across and lenses down; on a narrow screen one stage after the other.

import { h, replace } from "./dom.js";
import { duration, number, percent } from "./format.js";
import { spoken } from "./scores.js";
import { name, t } from "./texts.js";

const LENSES = ["did", "saw", "felt", "tech", "voice"];
const DEFAULT_STAGES = ["awareness", "consideration", "decision", "retention", "advocacy"];
const narrow = matchMedia("(max-width: 900px)");

/** The colour of a stage; a stage of the shop's own framework takes its turn. */
export const stageClass = (stage) => (DEFAULT_STAGES.includes(stage) ? `s-${stage}` : "s-other");

export function showMap(place, data) {
  const draw = () => replace(place, narrow.matches ? cards(data) : table(data), elsewhere(data));
  draw();
  narrow.onchange = draw;
}

function table(data) {
  return h("div", { class: "map", tabindex: "0", role: "group", "aria-labelledby": "h-map" },
    h("table", null,
      h("thead", null, h("tr", null,
        h("td", null),
        data.stages.map((stage) => h("th", { scope: "col", class: `stage ${stageClass(stage.stage)}` }, stageHead(stage, data))))),
      h("tbody", null, LENSES.map((lens) => h("tr", { class: data.stages.some((stage) => hasContent(stage, lens)) ? null : "blank" },
        h("th", { scope: "row" }, name("lens", lens), h("small", null, name("lensHint", lens))),
        data.stages.map((stage) => h("td", null, cell(stage, lens, data))))))));
}

function cards(data) {
  return h("div", { class: "cards" }, data.stages.map((stage) => {
    const filled = LENSES.filter((lens) => hasContent(stage, lens));
    return h("section", { class: `card ${stageClass(stage.stage)}` },
      h("h3", { class: "stage" }, stageHead(stage, data)),
      filled.map((lens) => h("div", { class: "part" }, h("h4", null, name("lens", lens)), cell(stage, lens, data))));
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
  : stage.lenses[lens]?.length > 0 || stage.friction.some((friction) => friction.lens === lens);

function cell(stage, lens, data) {
  if (!hasContent(stage, lens)) return h("span", { class: "none", "aria-label": t("nothing") }, "–");
  if (lens === "voice") return voice(stage.voice);
  const friction = stage.friction.filter((friction) => friction.lens === lens);
  return [bars(stage, lens, data), friction.length ? chips(stage, friction, data) : null];
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
    said.words.length ? h("ul", { class: "words" }, said.words.slice(0, 3).map((words) =>
      h("li", null, h("q", null, words.text), words.score === null ? null : h("small", null, ` ${name("ask", words.ask)} ${words.score}`)))) : null,
  ];
}

function elsewhere({ elsewhere: said }) {
  if (!said.n) return null;
  return h("section", { class: "elsewhere" },
    h("h3", null, t("elsewhere"), " ", h("small", null, t("elsewhereHint"))), h("div", { class: "row" }, voice(said)));
}
