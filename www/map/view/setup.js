// Whether the shop is set up as it should be: what arrives, what is missing, and what to do about it.

import { readView } from "../api.js";
import { chart } from "../chart/frame.js";
import { h } from "../dom.js";
import { ago, date, number } from "../format.js";
import { name, t } from "../texts.js";
import { share } from "./parts.js";

const DAY = 86_400;
const [LATE_EVENT, LATE_PURCHASE] = [DAY, 7 * DAY];
/** Of orders and products nearly all are told, or something is wrong. */
const ENOUGH = 95;

export const without = ["since", "until", "door", "campaign", "device", "lang", "variant", "bought"];

export const read = ({ key }) => readView("setup", key ? { key } : {});

export const isEmpty = () => false;

export function show(data) {
  const checks = [arrives(data), buys(data), ...told(data), consent(data), undecided(data), keys(data), origins(data), staff(), version(data)].filter(Boolean);
  return [
    h("ul", { class: "checks" }, checks.map(({ state, title, found, todo }) => h("li", { class: `check is-${state}` },
      h("h3", null, h("span", { class: "mark", "aria-hidden": "true" }, { good: "✓", warn: "!", bad: "×", open: "?" }[state]), h("span", { class: "sr" }, `${t(`check_${state}`)}: `), title),
      h("p", null, found), todo && h("p", { class: "todo" }, todo)))),
    seen("touchpoints", data, (one) => name("touchpoint", one.name), (one) => t(`setupMissing_${one.name}`)),
    seen("stages", data, (one) => name("stage", one.name), () => t("setupNoStage")),
  ];
}

const late = (at, most) => Date.now() / 1000 - at > most;

function arrives({ last_event: last }) {
  if (last === null) return { state: "bad", title: t("setupEvent"), found: t("setupEventNever"), todo: t("setupEventNeverDo") };
  if (late(last, LATE_EVENT)) return { state: "warn", title: t("setupEvent"), found: t("setupSeen", { ago: ago(last) }), todo: t("setupEventLateDo") };
  return { state: "good", title: t("setupEvent"), found: t("setupSeen", { ago: ago(last) }) };
}

function buys({ last_purchase: last }) {
  if (last === null) return { state: "bad", title: t("setupPurchase"), found: t("setupPurchaseNever"), todo: t("setupMissing_purchase") };
  if (late(last, LATE_PURCHASE)) return { state: "warn", title: t("setupPurchase"), found: t("setupSeen", { ago: ago(last) }), todo: t("setupPurchaseLateDo") };
  return { state: "good", title: t("setupPurchase"), found: t("setupSeen", { ago: ago(last) }) };
}

/** Whether orders say for how much, and pages of products which product. */
const told = ({ with_value: value, with_product: product, days }) => [["Value", value], ["Product", product]].map(([what, of]) => {
  if (!of.of) return null;
  const enough = of.percent === null ? of.n === of.of : of.percent >= ENOUGH;
  return { state: enough ? "good" : "warn", title: t(`setup${what}`), found: t(`setup${what}Found`, { share: share(of), n: days }), todo: enough ? null : t(`setup${what}Do`) };
});

function consent({ consent: reporters }) {
  if (!reporters.length) return { state: "bad", title: t("setupConsent"), found: t("setupConsentNone"), todo: t("setupConsentDo") };
  const listed = reporters.map(({ by, journeys }) => t("setupConsentBy", { by: by === "api" ? t("setupConsentApi") : by || t("notTold"), n: number(journeys) })).join(", ");
  return { state: reporters.length > 1 ? "warn" : "good", title: t("setupConsent"), found: listed, todo: reporters.length > 1 ? t("setupConsentMany") : null };
}

/** Nobody counts those who have not decided: they send nothing. What can be said is how many answers came alone. */
const undecided = ({ without_consent: alone }) => ({
  state: "open", title: t("setupUndecided"), found: [t("setupUndecidedFound"), alone.n ? ` ${t("setupAlone", { share: share(alone) })}` : ""], todo: t("setupUndecidedDo"),
});

function keys({ shops }) {
  if (!shops.length) return null;
  const listed = shops.map((shop) => t("setupKey", { key: shop.name, n: number(shop.journeys), day: date(shop.last) })).join(", ");
  return { state: "good", title: t("setupKeys"), found: listed };
}

function origins({ origins: allowed }) {
  if (!allowed) return null;
  return allowed.length ? { state: "good", title: t("setupOrigins"), found: allowed.join(", ") }
    : { state: "warn", title: t("setupOrigins"), found: t("setupOriginsAny"), todo: t("setupOriginsDo") };
}

const staff = () => ({ state: "open", title: t("setupStaff"), found: t("setupStaffFound"), todo: t("setupStaffDo") });

const version = ({ version: of, retention_days: days }) => ({ state: "good", title: t("setupVersion"), found: t("setupVersionFound", { version: of, n: number(days) }) });

/** What was seen, and when last; what was not, with what to do. */
function seen(what, data, label, todo) {
  const list = data[what];
  const own = what === "stages" && data.own_framework ? ` ${t("setupOwnFramework")}` : "";
  return chart({
    name: `setup-${what}`, title: t(`setup_${what}`), note: `${t("setupSeenNote", { n: data.days })}${own}`,
    columns: [{ label: t(what === "stages" ? "colStage" : "colTouchpoint") }, { label: t("colJourneys"), number: true }, { label: t("colLastSeen") }, { label: t("colTodo") }],
    rows: list.map((one) => [label(one), number(one.journeys), one.last ? date(one.last) : h("b", { class: "never" }, t("never")), one.last ? "–" : todo(one)]),
    csvRows: [[what, "journeys", "last"], ...list.map((one) => [one.name, one.journeys, one.last])],
  });
}
