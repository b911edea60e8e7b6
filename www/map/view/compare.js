// Groups of journeys side by side: how many bought, how far that is from the others, for how much, and how it felt.

import { link } from "../address.js";
import { chart } from "../chart/frame.js";
import { intervals } from "../chart/intervals.js";
import { h } from "../dom.js";
import { languageName, money, number, percent, signed } from "../format.js";
import { lang, name, t } from "../texts.js";
import { outcomeOf, outcomes, toward } from "./outcome.js";
import { gapCell, mark, share, shareCell, shareData, shareHead, spreadCell } from "./parts.js";

export const BY = ["door", "campaign", "device", "lang", "order", "variant"];
const DRAWN = 14;

export const without = ({ outcome }) => (outcomeOf(outcome) === "bought" ? ["bought"] : []);

const chosen = (by) => (BY.includes(by) ? by : BY[0]);

export const reads = (wanted, { by, outcome }) => ["groups", { by: chosen(by), ...toward(wanted, outcome) }];

export const isEmpty = () => false;

export const groupName = (by, of) => {
  if (!of) return t("notTold");
  if (by === "lang") return languageName(of);
  if (by === "variant") return of.replace("=", ": ");
  if (by === "campaign") return of;
  return name(by, of);
};

export function show(data, said) {
  const { wanted, by: asked, outcome } = said;
  const by = chosen(asked);
  const tabs = h("nav", { class: "by", "aria-label": t("compareBy") }, BY.map((one) =>
    h("a", { href: link("compare", wanted, { by: one, outcome }), "aria-current": one === by ? "true" : null, "data-f": `by-${one}` }, t(`by_${one}`))));
  const ends = outcomes(said);
  if (!data.groups.length) return [tabs, ends, h("section", { class: "nothing" }, h("h3", null, t(`empty_by_${by === "variant" ? "variant" : "any"}`)), h("p", null, t(`empty_by_${by === "variant" ? "variant" : "any"}_text`)))];
  const label = (group) => groupName(by, group.name);
  const amount = (group) => (value) => money(Math.round(value / 100), group.currency);
  const shown = data.groups.slice(0, DRAWN);
  const bought = data.outcome === "bought";
  const came = t(`came_${data.outcome}`);
  return [tabs, ends, chart({
    name: `groups-${by}`, title: t("groupsTitle", { came, by: t(`by_${by}`).toLocaleLowerCase(lang()) }), note: t("groupsNote"), open: true,
    draw: intervals({
      rows: shown.map((group) => ({ label: label(group), sub: t("entered", { n: number(group.share.n) }), marks: [mark(kind(group.gap), group.came)] })),
      all: data.all.came.percent === null ? null : { value: data.all.came.percent, text: `${t("allTogether")} ${share(data.all.came)}` },
      say: (value) => percent(value / 100), label: t("groupsLabel"),
    }),
    columns: [{ label: t(`by_${by}`) }, { label: t("colJourneys"), number: true }, ...(bought ? [] : [{ label: came, number: true }]), { label: t("colBought"), number: true }, { label: t("colGapOthers"), number: true },
      { label: t("colPaid"), number: true }, { label: t("colFrustrated"), number: true }, { label: t("ask_nps"), number: true }],
    rows: [...data.groups.map((group) => row(label(group), group, amount(group), data)),
      row(h("em", null, t("allTogether")), data.all, amount(data.all), data)],
    csvRows: [[by, ...shareHead("share"), ...shareHead("bought"), ...shareHead(`came_${data.outcome}`), "gap_points", "gap_low", "gap_high", "paid_n", "paid_quarter", "paid_median", "paid_three_quarters", "currency", ...shareHead("frustrated"), "nps_n", "nps", "nps_margin"],
      ...[...data.groups, data.all].map((group) => [group.name || (group === data.all ? "*" : ""), ...shareData(group.share), ...shareData(group.bought), ...shareData(group.came), group.gap?.points, group.gap?.low, group.gap?.high,
        group.paid.n, ...[group.paid.quarter, group.paid.median, group.paid.three_quarters].map((value) => (value === null ? null : value / 100)), group.currency,
        ...shareData(group.frustrated), group.nps.n, group.nps.score, group.nps.margin])],
  })];
}

const kind = (gap) => (!gap ? "one" : gap.low > 0 ? "good" : gap.high < 0 ? "bad" : "one");

const row = (label, group, amount, data) => [label, [number(group.share.n), group.share.percent !== null && group !== data.all ? h("small", null, ` ${share(group.share)}`) : null],
  ...(data.outcome === "bought" ? [] : [shareCell(group.came)]), shareCell(group.bought), group === data.all ? "–" : gapCell(group.gap), spreadCell(group.paid, amount), shareCell(group.frustrated),
  group.nps.score === null ? (group.nps.n ? t("answersN", { n: number(group.nps.n) }) : "–") : [h("b", null, signed(group.nps.score)), h("small", null, ` ±${Math.round(group.nps.margin)}`)]];
