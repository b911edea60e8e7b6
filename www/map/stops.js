// A journey as a line of stops.

import { h } from "./dom.js";
import { clock, money } from "./format.js";
import { stageClass } from "./map.js";
import { name, t } from "./texts.js";

/** The ordered list of stops; each stage names itself where it begins. */
export function line(journey) {
  let stage = null;
  return h("ol", { class: "line", "aria-label": t("pathOf") }, journey.path.map((stop, index) => {
    const begins = stop.stage && stop.stage !== stage;
    stage = stop.stage ?? stage;
    return h("li", { class: `stop ${stop.kind} l-${stop.lens} ${stageClass(stage)}`, title: tip(stop, index) },
      h("span", { class: "where" }, begins ? name("stage", stop.stage) : ""),
      h("span", { class: "dot", "aria-hidden": "true" }, mark(stop)),
      h("span", { class: "what" }, label(stop, index), stop.n > 1 ? h("span", { class: "n" }, ` ×${stop.n}`) : null));
  }));
}

export function label(stop, index) {
  if (stop.kind === "prompt") {
    if (stop.score !== undefined) return t("scored", { ask: name("ask", stop.ask), score: stop.score });
    return t(stop.answered ? "answered" : "asked");
  }
  if (stop.kind === "purchase" && stop.money) return money(stop.money.value, stop.money.currency);
  if (stop.name === "page_view" && index === 0) return t("arrived");
  return name("touchpoint", stop.name);
}

/** A sign beside the colour: nobody has to tell red from green. */
function mark(stop) {
  return { friction: "!", prompt: "?", purchase: "✓" }[stop.kind] ?? "";
}

function tip(stop, index) {
  const what = stop.kind === "purchase" ? name("touchpoint", "purchase") : label(stop, index);
  return [what, stop.n > 1 && t("times", { n: stop.n }), stop.at !== null && clock(stop.at)].filter(Boolean).join(" · ");
}
