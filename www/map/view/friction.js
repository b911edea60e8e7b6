// What gets in the way, the dearest first: how many bought with and without it, and what that stands for.

import { chart } from "../chart/frame.js";
import { intervals } from "../chart/intervals.js";
import { h } from "../dom.js";
import { money, moneyBetween, number, numberBetween, percent } from "../format.js";
import { stageClass } from "../map.js";
import { name, t } from "../texts.js";
import { outcomeOf, outcomes, toward } from "./outcome.js";
import { gapCell, mark, shareCell, shareData, shareHead } from "./parts.js";

/** Rows that are drawn; the table has all. */
const DRAWN = 10;

export const reads = (wanted, { outcome }) => ["friction", toward(wanted, outcome)];

/** Where orders are counted, whether journeys bought is what is counted. */
export const without = ({ outcome }) => (outcomeOf(outcome) === "bought" ? ["bought"] : []);

export const isEmpty = (data) => !data.frictions.length;

export function show(data, said) {
  const bought = data.outcome === "bought";
  const came = t(`came_${data.outcome}`);
  const shown = data.frictions.filter((one) => one.gap).slice(0, DRAWN);
  const label = (one) => name("touchpoint", one.name);
  return [
    outcomes(said),
    h("p", { class: "honest" }, h("strong", null, t("noExperiment")), " ", t("noExperimentText"), " ",
      !bought ? "" : data.order ? t("orderWorth", { value: money(data.order.value, data.order.currency) }) : t("orderUnknown", { min: data.min_n })),
    chart({
      name: "friction", title: t("frictionTitle"), note: t("frictionNote", { came }), open: true,
      draw: shown.length ? intervals({
        rows: shown.map((one) => ({ label: label(one), sub: name("stage", one.stage), marks: [mark("bad", one.with), mark("good", one.without)] })),
        say: (value) => percent(value / 100), label: t("frictionLabel"),
      }) : null,
      before: shown.length ? h("ul", { class: "keys dots" }, h("li", { class: "bad" }, t("metIt")), h("li", { class: "good" }, t("metNot"))) : null,
      columns: [{ label: t("colFriction") }, { label: t("colStage") }, { label: t("colMet"), number: true }, { label: t("colWith", { came }), number: true }, { label: t("colWithout", { came }), number: true },
        { label: t("colGap"), number: true }, ...(bought ? [{ label: t("colOrders"), number: true }, { label: t("colMoney"), number: true }] : [])],
      rows: data.frictions.map((one) => [label(one), h("span", { class: `stage-name ${stageClass(one.stage)}` }, name("stage", one.stage)),
        [h("b", null, number(one.met.n)), h("small", null, ` ${t("ofN", { n: number(one.met.of) })}`)], shareCell(one.with), shareCell(one.without), gapCell(one.gap),
        ...(bought ? [one.orders ? numberBetween(one.orders.low, one.orders.high) : "–",
          one.money ? h("b", { class: "costs" }, moneyBetween(one.money.low, one.money.high, data.order.currency)) : "–"] : [])]),
      csvRows: [["friction", "stage", "lens", "times", ...shareHead("met"), ...shareHead(`${data.outcome}_with`), ...shareHead(`${data.outcome}_without`), "gap_points", "gap_low", "gap_high",
        "orders_low", "orders_middle", "orders_high", "money_low", "money_middle", "money_high", "currency"],
      ...data.frictions.map((one) => [one.name, one.stage, one.lens, one.times, ...shareData(one.met), ...shareData(one.with), ...shareData(one.without),
        one.gap?.points, one.gap?.low, one.gap?.high, one.orders?.low, one.orders?.middle, one.orders?.high, one.money?.low, one.money?.middle, one.money?.high, data.order?.currency])],
    }),
  ];
}
