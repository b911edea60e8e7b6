// What several views say in the same way: shares, intervals, spreads, an empty view, a path.

import { link } from "../address.js";
import { h } from "../dom.js";
import { duration, number, percent, points } from "../format.js";
import { stageClass } from "../map.js";
import { name, t } from "../texts.js";

/** A share where there are enough, the two numbers where there are not. */
export const share = (of) => (of.percent === null ? t("outOf", { part: number(of.n), whole: number(of.of) }) : percent(of.percent / 100));

/** Where it may lie: "22–28 %". */
export const between = (of) => (of.percent === null ? "" : t("between", { low: points(of.low), high: percent(of.high / 100) }));

/** The share with its interval below it. */
export const shareCell = (of) => [h("b", null, share(of)), of.percent === null ? null : h("small", null, ` ${number(points1(of.low))}–${number(points1(of.high))}`)];

const points1 = (value) => (value < 10 ? Math.round(value * 10) / 10 : Math.round(value));

/** How far two shares lie apart, with a colour only where the interval leaves nothing on its other side. */
export function gapCell(gap) {
  if (!gap) return h("span", { class: "none" }, t("tooFew"));
  const clear = gap.low > 0 ? "better" : gap.high < 0 ? "worse" : "open";
  return h("span", { class: `gap gap-${clear}` }, h("b", null, t("pointsN", { n: signedPoints(gap.points) })),
    h("small", null, ` ${clear === "open" ? t("maybeChance") : t("fromTo", { low: signedPoints(gap.low), high: signedPoints(gap.high) })}`));
}

export const signedPoints = (value) => points(value, true);

/** A mark of chart/intervals.js. */
export const mark = (kind, of) => ({ kind, value: of.percent, low: of.low, high: of.high, text: of.percent === null ? share(of) : `${share(of)} (${number(points1(of.low))}–${number(points1(of.high))})` });

export const spreadCell = (spread, say) => (spread.median === null
  ? h("span", { class: "none" }, spread.n ? t("nValues", { n: number(spread.n) }) : "–")
  : [h("b", null, say(spread.median)), h("small", null, ` ${t("halfBetween", { low: say(spread.quarter), high: say(spread.three_quarters) })}`)]);

export const time = (ms) => duration(ms);

/** Stages in their order, as a row of names. Said aloud as one list. */
export const way = (path) => (path.length
  ? h("ol", { class: "way" }, path.map((stage) => h("li", { class: stageClass(stage) }, name("stage", stage))))
  : h("span", { class: "none" }, t("noPath")));

/** Leads to one journey. Whoever came by a link is told of none. */
export const journeyLink = (id, wanted) => (!id ? "–" : h("a", { href: link("journey", wanted, { id }) }, t("oneJourney"), h("span", { class: "sr" }, ` ${t("oneJourneyOf")}`)));

/** Nothing to show: why, and what to do. */
export function nothing(view, wanted) {
  const filtered = Object.keys(wanted).length > 0;
  return h("section", { class: "nothing" }, h("h3", null, filtered ? t("emptyFiltered") : t(`empty_${view}`)),
    h("p", null, filtered ? t("emptyFilteredText") : t(`empty_${view}_text`)),
    filtered && h("a", { class: "button", href: link(view) }, t("filterClear")));
}

/** A number with its name and what to know of it. */
export const tile = (label, big, sub) => h("li", { class: "tile" }, h("span", { class: "label" }, label), h("strong", null, big), h("span", { class: "sub" }, sub || "\u00a0"));

/** The members of a share as columns of a CSV. */
export const shareHead = (name) => [`${name}_n`, `${name}_of`, `${name}_percent`, `${name}_low`, `${name}_high`];
export const shareData = (of) => [of.n, of.of, of.percent, of.low, of.high];
