// The views beside the map: reads what the address says, shows it, and keeps what the reader has opened and where the keys are.

import { readView } from "./api.js";
import { link, read, VIEWS } from "./address.js";
import { begin, fit } from "./chart/frame.js";
import { h, replace } from "./dom.js";
import { bar } from "./filter.js";
import { shareButton, shared } from "./sharing.js";
import { name, t } from "./texts.js";
import * as cell from "./view/cell.js";
import * as compare from "./view/compare.js";
import * as friction from "./view/friction.js";
import * as gap from "./view/gap.js";
import * as goals from "./view/goals.js";
import * as journey from "./view/journey.js";
import { nothing } from "./view/parts.js";
import * as paths from "./view/paths.js";
import * as products from "./view/products.js";
import * as setup from "./view/setup.js";
import * as voice from "./view/voice.js";

const SHOWN = { paths, friction, voice, gap, compare, products, goals, setup, journey, cell };

/** What a view is called. */
const called = ({ view, stage, lens }) => (view === "journey" ? t("oneJourney")
  : view === "cell" ? t("cellTitle", { stage: name("stage", stage ?? ""), lens: name("lens", lens ?? "") }) : t(`view_${view}`));

const $ = (id) => document.getElementById(id);
let last = { told: "", address: "" };

/** What is looked at now. */
export const current = () => read();

/** Draws the tabs, each with the filter of now: who goes from view to view keeps it. */
export function tabs() {
  const said = read();
  const { view, wanted } = said;
  replace($("views"), shared() ? null : h("ul", null, VIEWS.map((one) =>
    h("li", null, h("a", { href: link(one, wanted), "aria-current": one === view ? "page" : null }, t(`view_${one}`))))));
  document.title = `${called(said)} · ${t("title")} · Polku`;
}

/** Reads the view of the address and shows it. `anew`: also where nothing has changed, as after a change of language. */
export async function showView(anew = false) {
  const said = read();
  const shown = SHOWN[said.view];
  const address = location.hash;
  const [path, wanted] = shown.read ? [] : shown.reads(said.wanted, said);
  $("view").setAttribute("aria-busy", "true");
  let choices, data;
  try {
    [choices, data] = await Promise.all([readChoices(), shown.read ? shown.read(said.wanted) : readView(path, wanted)]);
  } catch (why) {
    if (location.hash === address) $("view").removeAttribute("aria-busy");
    if (said.view !== "journey" || !/404/.test(String(why))) throw why;
    [choices, data] = [await readChoices(), null];
  }
  // Whoever has gone on meanwhile is shown what was asked for last.
  if (location.hash !== address) return;
  $("view").removeAttribute("aria-busy");
  const told = JSON.stringify([choices, data]);
  if (!anew && told === last.told && address === last.address) return;
  const moved = address !== last.address;
  last = { told, address };
  draw(said, shown, choices, data, moved);
}

/** What the filter may say; whoever holds a link has none to choose. */
export const readChoices = () => (shared() ? Promise.resolve({}) : readView("filters", {}));

function draw(said, shown, choices, data, moved) {
  const place = $("view");
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.f : null;
  const open = new Set([...place.querySelectorAll("details[open]")].map((one) => one.dataset.d));
  begin();
  const title = h("div", { class: "view-head" }, h("div", null, h("h2", null, called(said)),
    h("p", null, t(`intro_${said.view}`))), shareButton(said.view, () => shown.reads(said.wanted, said)[1]));
  const without = typeof shown.without === "function" ? shown.without(said) : shown.without;
  const takes = said.view === "journey" || shared() ? [] : bar({ ...said, choices, without }).flat(2).filter(Boolean);
  const filters = takes.length ? h("div", { class: "filterbar", role: "group", "aria-label": t("filterLabel") }, takes) : null;
  const what = !data ? h("section", { class: "nothing" }, h("h3", null, t("gone")))
    : shown.isEmpty(data) ? nothing(said.view, said.wanted) : shown.show(data, said, () => showView(true));
  place.replaceChildren(...[title, filters, what, h("p", { class: "fine" }, t("viewsFine"))].flat(2).filter(Boolean));
  for (const one of place.querySelectorAll("details")) one.open = open.has(one.dataset.d);
  fit();
  if (focused) place.querySelector(`[data-f="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  if (moved) $("said").textContent = called(said);
}

let asked = 0;
addEventListener("resize", () => {
  cancelAnimationFrame(asked);
  asked = requestAnimationFrame(fit);
});
// Whoever prints gets the numbers too.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("#view details:not([open])")];
  for (const one of closed) one.open = true;
});
addEventListener("afterprint", () => { for (const one of closed) one.open = false; });
