// Scores where there are enough answers, the answers themselves where there are not.

import { decimal, number, percent, signed } from "./format.js";
import { h } from "./dom.js";
import { t } from "./texts.js";

/** Points of the scales that are said by their mean. */
const TOP = { ces: 7, ces5: 5 };

/** A stacked bar of counts: bad, middle, good. */
function stack(parts) {
  return h("span", { class: "stack", "aria-hidden": "true" }, parts.filter(([, n]) => n > 0).map(([kind, n]) =>
    h("span", { class: kind, style: { "flex-grow": n } })));
}

/** What a score says: `{ big, small, bar }`, or null without answers. */
export function nps(score) {
  if (!score.n) return null;
  const bar = stack([["bad", score.detractors], ["mid", score.passives], ["good", score.promoters]]);
  if (score.score === null) {
    const parts = ["promoters", "passives", "detractors"].filter((kind) => score[kind] > 0);
    return { big: t("answersN", { n: number(score.n) }), small: parts.map((kind) => t(kind, { n: score[kind] })).join(" · "), bar, few: true };
  }
  return { big: signed(score.score), small: `±${Math.round(score.margin)} · ${t("nAnswers", { n: number(score.n) })}`, bar };
}

/** CES by its mean, CSAT by its share of good answers. */
export function scale(score, kind) {
  if (!score.n) return null;
  const bar = stack([["bad", score.n - score.good], ["good", score.good]]);
  const good = t("goodOf", { part: number(score.good), whole: number(score.n) });
  if (score.score === null) return { big: t("answersN", { n: number(score.n) }), small: good, bar, few: true };
  const n = t("nAnswers", { n: number(score.n) });
  return TOP[kind]
    ? { big: `${decimal(score.mean)} / ${TOP[kind]}`, small: n, bar }
    : { big: percent(score.score / 100), small: `${t("mean", { mean: decimal(score.mean) })} · ${n}`, bar };
}

/** All that were asked, with their short names. */
export function spoken(scores) {
  return [["nps", nps(scores.nps)], ["csat", scale(scores.csat, "csat")], ["ces", scale(scores.ces, "ces")],
    ["ces5", scale(scores.ces5, "ces5")]].filter(([, said]) => said);
}
