// What journeys are held against each other by: an order, a score, an order soon after another. The choice stands in the address.

import { beside, link } from "../address.js";
import { h } from "../dom.js";
import { t } from "../texts.js";

const OUTCOMES = ["bought", "nps", "csat", "return"];

/** The outcome that an address means. */
export const outcomeOf = (said) => (OUTCOMES.includes(said) ? said : OUTCOMES[0]);

/** A filter as the API takes it beside an outcome. Of those who bought all did: there that part is left out. */
export function toward({ bought, ...wanted }, said) {
  const outcome = outcomeOf(said);
  return outcome === "bought" ? wanted : { ...wanted, ...(bought ? { bought } : {}), outcome };
}

/** The switch, and what can and cannot be known of what is chosen. */
export function outcomes(said) {
  const chosen = outcomeOf(said.outcome);
  return [
    h("nav", { class: "by outcomes", "aria-label": t("outcomeLabel") }, h("span", { "aria-hidden": "true" }, t("outcomeLabel")), OUTCOMES.map((one) =>
      h("a", { href: link(said.view, said.wanted, { ...beside(said), outcome: one === "bought" ? null : one }), "aria-current": one === chosen ? "true" : null, "data-f": `outcome-${one}` }, t(`outcome_${one}`)))),
    chosen === "bought" ? null : h("p", { class: "note known" }, t(`known_${chosen}`)),
  ];
}
