// What the shop has imported, beside what was measured on the same days: contacts, tickets, touchpoints off the site, coverage, costs.

import { link } from "../address.js";
import { chart } from "../chart/frame.js";
import { intervals } from "../chart/intervals.js";
import { stacks } from "../chart/stacks.js";
import { weeks } from "../chart/weeks.js";
import { h } from "../dom.js";
import { date, decimal, money, number, percent } from "../format.js";
import { stageClass } from "../map.js";
import { name, t } from "../texts.js";
import { mark, share, shareCell, shareData, shareHead, tile } from "./parts.js";
import { EMOTIONS, themes } from "./themes.js";

/** What was imported has no door, no device and no language. */
export const without = ["door", "campaign", "device", "lang", "variant", "bought"];

const taken = ({ since, until, key }) => Object.fromEntries(Object.entries({ since, until, key }).filter(([, value]) => value));

export const reads = (wanted) => ["service", taken(wanted)];

export const isEmpty = () => false;

const DRAWN = 14;
const FIRST = 12;

export function show(data, { wanted }) {
  if (!data.imported.length) return nothing(Object.keys(taken(wanted)).length > 0);
  const has = (what) => data.imported.some((one) => one.what === what);
  return [
    known(data.imported),
    h("ul", { class: "tiles" }, has("tickets") && contactTile(data), has("orders") && coverageTile(data), has("tickets") && themeTile(data)),
    data.contacts.weeks.length > 0 && contactWeeks(data),
    h("div", { class: "pair" }, data.contacts.ways.length > 0 && ways(data), data.themes.length > 0 && themes(data.themes, {
      name: "ticket-themes", title: t("ticketThemesTitle"), note: imported(t("ticketThemesNote")), label: t("ticketThemesLabel"), count: t("colTickets"), counted: "tickets",
    })),
    data.touchpoints.length > 0 && offSite(data.touchpoints),
    has("orders") && data.coverage.weeks.length > 0 && coverage(data),
    data.costs.length > 0 && costs(data),
    data.costs_cut > 0 && h("p", { class: "honest" }, t("costsCut", { n: data.costs_cut })),
    data.words?.length > 0 && words(data.words),
  ];
}

/** Nobody has imported anything, or nothing of these days: what to do. */
function nothing(filtered) {
  return h("section", { class: "nothing" }, h("h3", null, t(filtered ? "serviceFiltered" : "empty_service")), h("p", null, t(filtered ? "serviceFilteredText" : "empty_service_text")),
    filtered ? h("a", { class: "button", href: link("service") }, t("filterClear"))
      : h("pre", { tabindex: "0", role: "region", "aria-label": t("importCommands") }, h("code", null, ["tickets", "orders", "costs", "touchpoints"].map((what) => `polku import ${what} ${what}.csv`).join("\n"))));
}

/** A note that says first where the numbers are from. */
const imported = (note) => [h("span", { class: "tag" }, t("imported")), " ", note];

const days = (since, until) => (since === until ? date(since) : t("daysFromTo", { from: date(since), to: date(until) }));

const known = (list) => h("p", { class: "note imported" }, h("span", { class: "tag" }, t("imported")), " ",
  list.map((one) => t(`known_${one.what}`, { n: one.n ?? 0, count: number(one.n), days: days(one.since, one.until) })).join(" · "));

/** A rate as one of chart/intervals.js and of chart/weeks.js. */
const rated = (rate) => ({ value: rate.per_hundred, low: rate.low, high: rate.high });

const rateText = (rate, min) => (rate.per_hundred === null ? t("rateFew", { n: number(rate.n), of: number(rate.of), min }) : decimal(rate.per_hundred));

const rateCell = (rate, min) => (rate.per_hundred === null ? h("span", { class: "none" }, t("belowN", { min })) : [h("b", null, decimal(rate.per_hundred)), h("small", null, ` ${decimal(rate.low)}–${decimal(rate.high)}`)]);

const rateHead = ["contacts", "orders", "per_hundred", "low", "high"];
const rateData = (rate) => [rate.n, rate.of, rate.per_hundred, rate.low, rate.high];

function contactTile({ contacts, min_n: min }) {
  const { all } = contacts;
  return all.per_hundred === null ? tile(t("contactsTitle"), number(all.n), t("rateNeeds", { of: number(all.of), min }))
    : tile(t("contactsTitle"), decimal(all.per_hundred), t(`contactsSub_${contacts.orders}`, { n: number(all.n), of: number(all.of), low: decimal(all.low), high: decimal(all.high) }));
}

function coverageTile({ coverage: { all } }) {
  const sub = t("coverageSub", { measured: number(all.measured), books: number(all.books) });
  return tile(t("coverageTitle"), all.share?.percent === null || !all.share ? "–" : share(all.share), all.days ? sub : t("coverageNone"));
}

function themeTile({ themes: list, imported: what }) {
  const { n } = what.find((one) => one.what === "tickets");
  const first = list.find((theme) => theme.theme !== "other") ?? list[0];
  return tile(t("firstTheme"), first ? name("theme", first.theme) : "–", first && t("ofTickets", { n: number(first.n), of: number(n) }));
}

function contactWeeks({ contacts, min_n: min }) {
  const points = contacts.weeks.map((week) => ({ name: date(week.from), n: week.rate.of, ...rated(week.rate), title: `${t("weekOf", { day: date(week.from) })}: ${rateText(week.rate, min)}` }));
  const drawn = points.filter((point) => point.value !== null);
  return chart({
    name: "contacts", title: t("contactsWeeksTitle"), note: imported(`${t(`contactsNote_${contacts.orders}`)} ${t("contactsFew", { min })}`),
    draw: drawn.length ? weeks({ points, from: 0, to: Math.max(1, ...drawn.map((point) => point.high)) * 1.05, say: number, few: (point) => t("nOrders", { n: number(point.n) }), label: t("contactsLabel") }) : null,
    columns: [{ label: t("colWeek") }, { label: t("colDays"), number: true }, { label: t("colTickets"), number: true }, { label: t(`colOrders_${contacts.orders}`), number: true }, { label: t("per100"), number: true }],
    rows: contacts.weeks.map((week) => [date(week.from), number(week.days), number(week.rate.n), number(week.rate.of), rateCell(week.rate, min)]),
    csvRows: [["week", "days", ...rateHead], ...contacts.weeks.map((week) => [week.from, week.days, ...rateData(week.rate)])],
  });
}

const wayName = (way) => `${name("offsite", way.name || "none")} (${t(`way_${way.what}`)})`;

function ways({ contacts, min_n: min }) {
  const drawn = contacts.ways.filter((way) => way.rate.per_hundred !== null).slice(0, DRAWN);
  return chart({
    name: "ways", title: t("waysTitle"), note: imported(t("waysNote")),
    draw: drawn.length ? intervals({
      rows: drawn.map((way) => ({ label: name("offsite", way.name || "none"), sub: t(`way_${way.what}`), marks: [{ kind: "one", ...rated(way.rate), text: `${decimal(way.rate.per_hundred)} (${decimal(way.rate.low)}–${decimal(way.rate.high)})` }] })),
      say: number, label: t("waysLabel"),
    }) : null,
    columns: [{ label: t("colWay") }, { label: t("colContacts"), number: true }, { label: t(`colOrders_${contacts.orders}`), number: true }, { label: t("per100"), number: true }],
    rows: contacts.ways.map((way) => [wayName(way), number(way.rate.n), number(way.rate.of), rateCell(way.rate, min)]),
    csvRows: [["imported_as", "way", ...rateHead], ...contacts.ways.map((way) => [way.what, way.name, ...rateData(way.rate)])],
  });
}

function offSite(stages) {
  const all = stages.flatMap((stage) => stage.kinds.map((kind) => ({ stage: stage.stage, ...kind })));
  const label = (one) => `${one.stage ? name("stage", one.stage) : t("noStage")}: ${name("offsite", one.kind)}`;
  // By a shared link some of them may not be told, and then neither are the others.
  const untold = (one) => (Object.values(one.emotions).includes(null) ? null : one.n - Object.values(one.emotions).reduce((sum, n) => sum + n, 0));
  const felt = (one, kind) => (kind in one.emotions ? one.emotions[kind] : 0);
  const parts = (one) => [...EMOTIONS.map((kind) => ({ kind, n: felt(one, kind) ?? 0, said: name("emotion", kind) })), { kind: "one", n: untold(one) ?? one.n, said: t("notTold") }]
    .map((part) => ({ ...part, title: `${label(one)}, ${part.said}: ${number(part.n)}` }));
  return chart({
    name: "off-site", title: t("offSiteTitle"), note: imported(t("offSiteNote")),
    draw: stacks({ label: t("offSiteLabel"), rows: all.slice(0, 2 * DRAWN).map((one) => ({ label: label(one), n: one.n, text: number(one.n), parts: parts(one) })) }),
    before: h("ul", { class: "keys squares" }, EMOTIONS.map((kind) => h("li", { class: kind }, name("emotion", kind))), h("li", { class: "one" }, t("notTold"))),
    columns: [{ label: t("colStage") }, { label: t("colKind") }, { label: t("colCount"), number: true }, ...EMOTIONS.map((kind) => ({ label: name("emotion", kind), number: true }))],
    rows: all.map((one) => [h("span", { class: `stage-name ${stageClass(one.stage)}` }, one.stage ? name("stage", one.stage) : t("noStage")), name("offsite", one.kind), number(one.n), ...EMOTIONS.map((kind) => number(felt(one, kind)))]),
    csvRows: [["stage", "kind", "count", ...EMOTIONS, "not_told"], ...all.map((one) => [one.stage, one.kind, one.n, ...EMOTIONS.map((kind) => felt(one, kind)), untold(one)])],
  });
}

/** More measured than are in the books: these are not of the same orders. */
const coveredCell = (covered) => (covered.share ? shareCell(covered.share) : h("span", { class: "costs" }, t("coverageMore")));

function coverage({ coverage: { all, weeks: list, money: amounts }, min_n: min }) {
  const points = list.map((week) => ({
    name: date(week.from), n: week.books, value: week.share?.percent ?? null, low: week.share?.low ?? null, high: week.share?.high ?? null,
    title: `${t("weekOf", { day: date(week.from) })}: ${t("coverageSub", { measured: number(week.measured), books: number(week.books) })}`,
  }));
  const drawn = points.some((point) => point.value !== null);
  return chart({
    name: "coverage", title: t("coverageWeeksTitle"), note: imported(`${t("coverageNote")} ${t("contactsFew", { min })}`),
    draw: drawn ? weeks({ points, from: 0, to: 100, say: (value) => percent(value / 100), few: (point) => t("nOrders", { n: number(point.n) }), label: t("coverageLabel") }) : null,
    after: [!all.days && h("p", { class: "note" }, t("coverageNone")), all.days > 0 && !all.share && h("p", { class: "honest" }, t("coverageMoreText")),
      amounts.length > 0 && all.days > 0 && h("p", { class: "note" }, amounts.map((one) => t("coverageMoney", { measured: amount(one.measured, one.currency), books: amount(one.books, one.currency) })).join(" · "))],
    columns: [{ label: t("colWeek") }, { label: t("colDays"), number: true }, { label: t("colBooks"), number: true }, { label: t("colMeasured"), number: true }, { label: t("colCovered"), number: true }],
    rows: list.map((week) => [date(week.from), number(week.days), number(week.books), number(week.measured), coveredCell(week)]),
    csvRows: [["week", "days", "books", "measured", ...shareHead("covered")], ...list.map((week) => [week.from, week.days, week.books, week.measured, ...coveredData(week)])],
  });
}

const coveredData = (covered) => (covered.share ? shareData(covered.share) : [null, null, null, null, null]);

const amount = (hundredths, currency) => money(hundredths === null ? "–" : Math.round(hundredths) / 100, hundredths === null ? "" : currency);

function costs({ costs: list, min_n: min }) {
  const several = new Set(list.map((one) => one.key)).size > 1;
  const label = (one) => [one.door && name("door", one.door), one.campaign, several && one.key].filter(Boolean).join(" · ");
  // One scale has one currency: that of most.
  const count = (currency) => list.filter((one) => one.currency === currency && one.per_order).length;
  const main = [...new Set(list.map((one) => one.currency))].sort((a, b) => count(b) - count(a))[0];
  const drawn = list.filter((one) => one.currency === main && one.per_order).slice(0, DRAWN);
  const say = (value) => money(Math.round(value * 100) / 100, main);
  const each = (kind, one) => ({ kind, value: one.value / 100, low: one.low / 100, high: one.high / 100, text: amount(one.value, main) });
  const marks = (one) => [each("one", one.per_order), one.per_first_order && each("good", one.per_first_order)].filter(Boolean);
  const eachCell = (of, n, currency) => (of ? [h("b", null, amount(of.value, currency)), h("small", null, ` ${amount(of.low, currency)}–${amount(of.high, currency)}`)] : h("span", { class: "none" }, n ? t("belowN", { min }) : "–"));
  const eachData = (of) => (of ? [of.value, of.low, of.high].map((value) => value / 100) : [null, null, null]);
  return chart({
    name: "costs", title: t("costsTitle"), note: imported(t("costsNote", { min })), open: true,
    draw: drawn.length ? intervals({ rows: drawn.map((one) => ({ label: label(one), sub: days(one.since, one.until), marks: marks(one) })), say, label: t("costsLabel") }) : null,
    before: drawn.length ? h("ul", { class: "keys dots" }, h("li", { class: "one" }, t("perOrder")), h("li", { class: "good" }, t("perFirst"))) : null,
    columns: [{ label: t("colFor") }, { label: t("colCost"), number: true }, { label: t("colMeasured"), number: true }, { label: t("perOrder"), number: true }, { label: t("colFirst"), number: true }, { label: t("perFirst"), number: true },
      { label: t("colWorth"), number: true }, { label: t("colCoveredDays"), number: true }],
    rows: list.map((one) => [[label(one), h("small", null, ` ${days(one.since, one.until)}`)], amount(one.cost, one.currency), number(one.orders), eachCell(one.per_order, one.orders, one.currency),
      [number(one.first_orders), one.untold > 0 && h("small", null, ` ${t("untold", { n: number(one.untold) })}`)], eachCell(one.per_first_order, one.first_orders, one.currency), amount(one.value, one.currency),
      one.coverage.days ? [coveredCell(one.coverage), one.coverage.days < one.days && h("small", null, ` ${t("someDays", { n: number(one.coverage.days), of: number(one.days) })}`)] : h("span", { class: "none" }, t("noBooks"))]),
    csvRows: [["door", "campaign", "shop", "since", "until", "days", "currency", "cost", "measured_orders", "per_order", "per_order_low", "per_order_high", "first_orders", "untold_orders", "per_first_order", "per_first_order_low", "per_first_order_high", "measured_value", "covered_days", "books", "measured_all", ...shareHead("covered")],
      ...list.map((one) => [one.door, one.campaign, one.key, one.since, one.until, one.days, one.currency, one.cost / 100, one.orders, ...eachData(one.per_order), one.first_orders, one.untold, ...eachData(one.per_first_order), one.value / 100,
        one.coverage.days, one.coverage.books, one.coverage.measured, ...coveredData(one.coverage)])],
  });
}

function words(list) {
  return h("section", { class: "chart said-words", "aria-labelledby": "t-ticket-words" }, h("h3", { id: "t-ticket-words" }, t("ticketWordsTitle")), h("p", { class: "note" }, imported(t("ticketWordsNote"))),
    verbatims(list.slice(0, FIRST)),
    list.length > FIRST && h("details", { class: "rest", "data-d": "ticket-words" }, h("summary", { "data-f": "ticket-words" }, t("wordsMore", { n: list.length - FIRST })), verbatims(list.slice(FIRST))));
}

const verbatims = (list) => h("ul", { class: "verbatims" }, list.map((one) => h("li", { class: one.emotion ?? "" }, h("blockquote", null, h("q", null, one.text)),
  h("p", { class: "about" }, h("span", null, date(one.day)), one.channel && h("span", null, name("offsite", one.channel)), one.emotion && h("span", { class: `mood ${one.emotion}` }, name("emotion", one.emotion)),
    one.themes.map((theme) => h("span", { class: "tag" }, name("theme", theme)))))));
