// The steps of the visit, where the shopper chose to send them along.

import { h, replace } from "/map/dom.js";
import { duration } from "/map/format.js";
import { name } from "/map/texts.js";
import { t } from "./texts.js";

const STAGES = ["awareness", "consideration", "decision", "retention", "advocacy"];
const shade = (stage) => `s-${STAGES.includes(stage) ? stage : "other"}`;

export function showPath(place, path) {
  const steps = path?.path ?? [];
  const friction = Object.entries(path?.friction ?? {});
  const touchpoints = path?.touchpoints ?? [];
  replace(place,
    h("p", { class: "hint" }, t("pathTold")),
    steps.length > 0 && h("div", null, h("h3", null, t("pathStages")), h("ol", { class: "steps" }, steps.map((step) =>
      h("li", { class: shade(step.stage) }, h("bdi", null, name("stage", step.stage)), step.dwell ? h("small", null, ` ${duration(step.dwell)}`) : null)))),
    friction.length > 0 && h("div", null, h("h3", null, t("pathFriction")), h("ul", { class: "frictions" }, friction.map(([kind, n]) =>
      h("li", null, t("times", { name: name("touchpoint", kind), n }))))),
    touchpoints.length > 0 && h("div", null, h("h3", null, t("pathTouchpoints")), h("ol", { class: "points" }, runs(touchpoints).map(([kind, n]) =>
      h("li", null, h("bdi", null, n > 1 ? t("times", { name: name("touchpoint", kind), n }) : name("touchpoint", kind)))))));
}

/** What follows itself is one thing, some times. */
function runs(names) {
  const runs = [];
  for (const one of names) {
    const last = runs[runs.length - 1];
    if (last?.[0] === one) last[1] += 1;
    else runs.push([one, 1]);
  }
  return runs;
}
