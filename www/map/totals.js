// The row of numbers on top.

import { h, replace } from "./dom.js";
import { number, percent } from "./format.js";
import { nps, scale } from "./scores.js";
import { t } from "./texts.js";

export function showTotals(place, { totals, min_n: min }) {
  const { journeys, purchases, scores } = totals;
  const few = journeys < min;
  const without = totals.answers_without_path;
  const share = t("ofWhole", { part: number(purchases), whole: number(journeys) });
  replace(
    place,
    tile(t("kpiJourneys"), number(journeys), totals.with_friction ? t("kpiJourneysSub", { friction: number(totals.with_friction) }) : ""),
    few || totals.conversion === null
      ? tile(t("kpiBought"), share, t("kpiBoughtFew", { min }))
      : tile(t("kpiBought"), percent(totals.conversion), t("kpiBoughtSub", { part: number(purchases), whole: number(journeys) })),
    tile(t("kpiAnswers"), number(totals.answers), totals.answers && (without ? t("kpiAnswersSub", { n: number(without) }) : t("kpiAnswersAll"))),
    scored(t("kpiNps"), nps(scores.nps), min),
    scores.csat.n ? scored(t("kpiCsat"), scale(scores.csat, "csat"), min) : null,
    scored(t("kpiCes"), scale(scores.ces, "ces"), min),
  );
}

function scored(label, said, min) {
  if (!said) return tile(label, "–", t("noAnswers"));
  return tile(label, said.big, said.few ? `${said.small} · ${t("scoreNeeds", { min })}` : said.small, said.bar);
}

function tile(label, big, small, bar) {
  return h("li", { class: "tile" }, h("span", { class: "label" }, label), h("strong", null, big), bar, h("span", { class: "sub" }, small || "\u00a0"));
}
