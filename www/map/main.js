// Puts the page together: reads, shows, follows.

import { h, replace } from "./dom.js";
import { readJourneys, readView } from "./api.js";
import { bar } from "./filter.js";
import { showEmpty } from "./empty.js";
import { JourneyList } from "./journeys.js";
import { follow } from "./live.js";
import { forgetMap, showMap } from "./map.js";
import { readAll, showPrompts, wantPrompts } from "./prompts.js";
import { isSignedIn, meet, notice, shareButton, shared } from "./sharing.js";
import { LANGS, lang, speak, t } from "./texts.js";
import { showTotals } from "./totals.js";
import { nothing } from "./view/parts.js";
import { current, readChoices, showView, tabs } from "./views.js";

const PAGE = 50;
const MAX_PAGE = 200;

const $ = (id) => document.getElementById(id);
const list = new JourneyList($("list"));
let map = null;
let choices = {};
/** The filter of the map that was read. */
let of = "";
let connection = "lost";
let reading = false;
let again = false;

/** One reading at a time; what changes meanwhile is read after it, the later the longer a reading takes. */
async function refresh() {
  if (reading) {
    again = true;
    return;
  }
  reading = true;
  const began = performance.now();
  try {
    if (!met) await greet();
    const address = location.hash;
    if (current().view === "map") await readWhole();
    else await showView();
    $("alarm").hidden = true;
    // Whoever has gone on meanwhile is shown what was asked for last.
    if (location.hash === address) show();
    else again = true;
  } catch {
    $("alarm").hidden = false;
    replace($("alarm"), t("failed"));
  }
  if (again) {
    again = false;
    await new Promise((done) => setTimeout(done, 3 * (performance.now() - began)));
    reading = false;
    return refresh();
  }
  reading = false;
}

let met = false;

/** Learns who reads, once: what they may see, and whether they can sign out. */
async function greet() {
  await meet();
  met = true;
  document.body.classList.toggle("is-shared", !!shared());
  $("logout").hidden = !isSignedIn();
  if (shared()?.view === "prompts") wantPrompts(shared().wanted);
  tell();
}

/** Whoever came by a link sees what it is for, and no journeys. */
const only = (view) => !shared() || shared().view === view;

async function readWhole() {
  const { wanted } = current();
  const told = JSON.stringify(wanted);
  const limit = told === of ? Math.min(MAX_PAGE, Math.max(PAGE, list.size)) : PAGE;
  const [newMap, journeys, words] = await Promise.all([only("map") ? readView("map", wanted) : null, shared() ? null : readJourneys(limit, null, wanted), readChoices(), only("prompts") ? readAll() : null]);
  if (JSON.stringify(current().wanted) !== told) return;
  [map, choices] = [newMap, words];
  if (told !== of) list.clear();
  of = told;
  $("journeys").hidden = !journeys;
  if (!journeys) return;
  const before = list.size;
  list.refresh(journeys);
  if (before <= limit) $("more").hidden = journeys.length < limit;
}

function show() {
  const { view, wanted } = current();
  const whole = view === "map";
  const filtered = Object.keys(wanted).length > 0;
  const some = map?.totals.events > 0 || map?.totals.journeys > 0;
  const asked = met && shared()?.view === "prompts";
  $("view").hidden = whole;
  $("content").hidden = !whole || !(some || filtered && map || asked);
  $("empty").hidden = !whole || !map || some || filtered;
  if (!whole) forgetMap();
  if (asked) {
    for (const part of ["totals", "map"]) $(part).closest("section").hidden = true;
    showPrompts($("prompts"), $("filters"), $("asks"));
  }
  if (!whole || !map || JSON.stringify(wanted) !== of) return;
  if (!some && !filtered) {
    showEmpty($("empty"));
    return;
  }
  const focused = $("bar").contains(document.activeElement) ? document.activeElement.dataset.f : null;
  replace($("bar"), shared() ? null : h("div", { class: "filterbar", role: "group", "aria-label": t("filterLabel") }, bar({ ...current(), choices }).flat(2).filter(Boolean), shareButton("map", () => current().wanted)));
  if (focused) $("bar").querySelector(`[data-f="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  showTotals($("totals"), map);
  if (some) showMap($("map"), map, wanted, lang());
  else {
    forgetMap();
    replace($("map"), nothing("map", wanted));
  }
  // The questions have a filter of their own, which is not this one.
  if (filtered || !only("prompts")) $("prompts").hidden = true;
  else showPrompts($("prompts"), $("filters"), $("asks"));
}

async function older() {
  const more = $("more");
  more.disabled = true;
  try {
    const journeys = await readJourneys(PAGE, list.end, current().wanted);
    list.append(journeys);
    more.hidden = journeys.length < PAGE;
  } catch {
    $("alarm").hidden = false;
    replace($("alarm"), t("failed"));
  }
  more.disabled = false;
}

function tell() {
  document.documentElement.lang = lang();
  document.body.classList.add("told");
  tabs();
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", t(element.dataset.label));
  replace($("legend"), ["Did", "Friction", "Prompt", "Purchase"].map((kind) =>
    h("li", { class: `stop ${{ Did: "touchpoint" }[kind] ?? kind.toLowerCase()}` },
      h("span", { class: "dot", "aria-hidden": "true" }, { Friction: "!", Prompt: "?", Purchase: "✓" }[kind] ?? ""), t(`legend${kind}`))));
  for (const button of $("langs").children) button.setAttribute("aria-pressed", String(button.lang === lang()));
  replace($("notice"), notice());
  $("notice").hidden = !notice();
  tellConnection();
}

function tellConnection() {
  $("live").className = `live is-${connection}`;
  $("live").title = connection === "live" ? t("liveHint") : "";
  replace($("live"), t(connection));
}

for (const code of LANGS) {
  $("langs").append(h("button", {
    type: "button",
    lang: code,
    onclick: () => {
      speak(code);
      tell();
      show();
      list.retell();
      if (current().view !== "map") showView(true).catch(() => {});
    },
  }, { en: "English", fi: "Suomi" }[code]));
}
$("more").addEventListener("click", older);
$("skip").addEventListener("click", (event) => {
  // Following it would take the view out of the address.
  event.preventDefault();
  $("main").focus();
});
addEventListener("hashchange", () => {
  tabs();
  show();
  refresh();
});
tell();
show();
setInterval(() => document.hidden || list.tick(), 20_000);
follow(refresh, (state) => {
  connection = state;
  tellConnection();
});
