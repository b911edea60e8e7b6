// The views beside the map: reads what the address says, shows it, and keeps what the reader has opened and where the keys are.

import { readView } from "./api.js";
import { link, read, VIEWS } from "./address.js";
import { begin, fit } from "./chart/frame.js";
import { h, replace } from "./dom.js";
import { bar } from "./filter.js";
import { t } from "./texts.js";
import * as compare from "./view/compare.js";
import * as friction from "./view/friction.js";
import * as journey from "./view/journey.js";
import { nothing } from "./view/parts.js";
import * as paths from "./view/paths.js";
import * as products from "./view/products.js";
import * as service from "./view/service.js";
import * as voice from "./view/voice.js";

const SHOWN = { paths, friction, voice, compare, products, service, journey };

const $ = (id) => document.getElementById(id);
let last = { told: "", address: "" };

/** What is looked at now. */
export const current = () => read();

/** Draws the tabs, each with the filter of now: who goes from view to view keeps it. */
export function tabs() {
  const { view, wanted } = read();
  replace($("views"), h("ul", null, VIEWS.map((one) =>
    h("li", null, h("a", { href: link(one, wanted), "aria-current": one === view ? "page" : null }, t(`view_${one}`))))));
  document.title = `${t(view === "journey" ? "oneJourney" : `view_${view}`)} · ${t("title")} · Polku`;
}

/** Reads the view of the address and shows it. `anew`: also where nothing has changed, as after a change of language. */
export async function showView(anew = false) {
  const said = read();
  const shown = SHOWN[said.view];
  const address = location.hash;
  const [path, wanted] = shown.reads(said.wanted, said);
  $("view").setAttribute("aria-busy", "true");
  let choices, data;
  try {
    [choices, data] = await Promise.all([readView("filters", {}), readView(path, wanted)]);
  } catch (why) {
    if (location.hash === address) $("view").removeAttribute("aria-busy");
    if (said.view !== "journey" || !/404/.test(String(why))) throw why;
    [choices, data] = [await readView("filters", {}), null];
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

function draw(said, shown, choices, data, moved) {
  const place = $("view");
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.f : null;
  const open = new Set([...place.querySelectorAll("details[open]")].map((one) => one.dataset.d));
  begin();
  const title = h("div", { class: "view-head" }, h("h2", null, t(said.view === "journey" ? "oneJourney" : `view_${said.view}`)),
    h("p", null, t(`intro_${said.view}`)));
  const filters = said.view === "journey" ? null : h("div", { class: "filterbar", role: "group", "aria-label": t("filterLabel") }, bar({ ...said, choices, without: shown.without }).flat(2).filter(Boolean));
  const what = !data ? h("section", { class: "nothing" }, h("h3", null, t("gone")))
    : shown.isEmpty(data) ? nothing(said.view, said.wanted) : shown.show(data, said);
  place.replaceChildren(...[title, filters, what, h("p", { class: "fine" }, t("viewsFine"))].flat(2).filter(Boolean));
  for (const one of place.querySelectorAll("details")) one.open = open.has(one.dataset.d);
  fit();
  if (focused) place.querySelector(`[data-f="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  if (moved) $("said").textContent = t(said.view === "journey" ? "oneJourney" : `view_${said.view}`);
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
