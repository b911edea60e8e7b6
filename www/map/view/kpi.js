// A number beside what the shop wants of it.

import { h } from "../dom.js";
import { number, percent, points, signed } from "../format.js";
import { t } from "../texts.js";

/** A value of a KPI as it is told: NPS in points, all else per cent. */
export const value = (kpi, of) => (kpi === "nps" ? signed(Math.round(of)) : percent(of / 100));

/** Where it may lie. */
export const range = (kpi, { low, high }) => (kpi === "nps" ? `${signed(Math.round(low))}…${signed(Math.round(high))}` : `${points(low)}–${percent(high / 100)}`);

/** The number, where it may lie, and how it stands to the target. Few are counted. */
export function standing({ kpi, measured, target, verdict }) {
  const told = measured.value !== null;
  return h("div", { class: "kpi" },
    h("span", { class: "label" }, t(`kpi_${kpi}`)),
    h("strong", null, told ? value(kpi, measured.value) : t("nValues", { n: number(measured.n) })),
    h("small", null, told ? `${range(kpi, measured)} · ${t("nValues", { n: number(measured.n) })}` : t("tooFew")),
    target === null ? null : h("span", { class: `verdict ${verdict ?? "open"}` }, verdict ? `${t(`verdict_${verdict}`)} · ` : "", t("targetIs", { value: value(kpi, target) })));
}
