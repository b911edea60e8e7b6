// The bar by which every view can be narrowed down. What is chosen goes into the address; the views read it from there.

import { beside, FILTERS, link } from "./address.js";
import { h } from "./dom.js";
import { languageName, number } from "./format.js";
import { name, t } from "./texts.js";

/** Periods to choose from: the last so many days, today included. */
const PERIODS = [7, 28, 90, 365];
const DAY = 86_400_000;

/** Days are UTC, as in the API. */
const day = (ago) => new Date(Date.now() - ago * DAY).toISOString().slice(0, 10);

let own = false;

/** The bar for a view: `choices` are those of /api/filters, `without` what the view does not take. */
export function bar({ choices, without = [], ...said }) {
  const { view, wanted } = said;
  const go = (more) => { location.hash = link(view, { ...wanted, ...more }, beside(said)); };
  const takes = (kind) => !without.includes(kind);
  const set = FILTERS.filter((kind) => takes(kind) && wanted[kind]);
  return [
    takes("since") && period(wanted, go),
    ["door", "campaign", "device", "lang", "variant", "key"].filter(takes).map((kind) => choose(kind, choices[kind] ?? {}, wanted[kind], go)),
    takes("bought") && select("bought", t("filterBought"), [["", t("filterEither")], ["yes", t("filterYes")], ["no", t("filterNo")]], wanted.bought ?? "", (value) => go({ bought: value })),
    set.length ? h("a", { class: "clear", href: link(view, {}, beside(said)), "data-f": "clear", onclick: () => { own = false; } }, t("filterClear")) : null,
  ];
}

function period({ since, until }, go) {
  const known = PERIODS.find((days) => !until && since === day(days - 1));
  const value = own || ((since || until) && !known) ? "own" : known ?? "";
  const days = (member, label, at) => h("label", { class: "filter" }, h("span", null, label),
    h("input", { type: "date", name: member, value: at ?? "", "data-f": member, onchange: (event) => go({ [member]: event.target.value }) }));
  return [
    select("period", t("filterPeriod"), [["", t("filterAllTime")], ...PERIODS.map((days) => [days, t("filterDays", { n: days })]), ["own", t("filterOwn")]], value, (value) => {
      own = value === "own";
      if (own) go({ since: since || day(27), until: until || day(0) });
      else go({ since: value ? day(value - 1) : "", until: "" });
    }),
    value === "own" ? [days("since", t("filterSince"), since), days("until", t("filterUntil"), until)] : null,
  ];
}

/** Nothing to choose where there is one word only; what is chosen stays in the list, also where nothing of it is left. */
function choose(kind, counted, chosen, go) {
  const words = Object.keys(counted);
  if (words.length < 2 && !chosen) return null;
  if (chosen && !words.includes(chosen)) words.push(chosen);
  words.sort((a, b) => (counted[b] ?? 0) - (counted[a] ?? 0));
  const say = (word) => (kind === "lang" ? languageName(word) : kind === "variant" ? word.replace("=", ": ") : kind === "key" || kind === "campaign" ? word : name(kind, word));
  return select(kind, t(`filter_${kind}`), [["", t("filterAll")], ...words.map((word) => [word, `${say(word)} (${number(counted[word] ?? 0)})`])], chosen ?? "", (value) => go({ [kind]: value }));
}

function select(kind, label, options, value, change) {
  return h("label", { class: "filter" }, h("span", null, label),
    h("select", { name: kind, "data-f": `f-${kind}`, onchange: (event) => change(event.target.value) },
      options.map(([of, said]) => h("option", { value: of, selected: String(of) === String(value) }, said))));
}
