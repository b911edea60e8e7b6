// Puts the page together: reads, shows, follows.

import { h, replace } from "./dom.js";
import { readJourneys, readMap } from "./api.js";
import { showEmpty } from "./empty.js";
import { JourneyList } from "./journeys.js";
import { follow } from "./live.js";
import { showMap } from "./map.js";
import { readAll, showPrompts } from "./prompts.js";
import { LANGS, lang, speak, t } from "./texts.js";
import { showTotals } from "./totals.js";
import { current, showView, tabs } from "./views.js";

const PAGE = 50;
const MAX_PAGE = 200;

const $ = (id) => document.getElementById(id);
const list = new JourneyList($("list"));
let map = null;
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
    if (current().view === "map") await readWhole();
    else await showView();
    $("alarm").hidden = true;
    show();
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

/** Whoever holds a shared link sees the map, and neither journeys nor answers. */
function unlessRefused(why) {
  if (why.status !== 403) throw why;
}

async function readWhole() {
  const limit = Math.min(MAX_PAGE, Math.max(PAGE, list.size));
  const [newMap, journeys] = await Promise.all([readMap(), readJourneys(limit).catch(unlessRefused), readAll().catch(unlessRefused)]);
  $("journeys").hidden = !journeys;
  map = newMap;
  if (!journeys) return;
  const before = list.size;
  list.refresh(journeys);
  if (before <= limit) $("more").hidden = journeys.length < limit;
}

function show() {
  const whole = current().view === "map";
  const some = map?.totals.events > 0;
  $("view").hidden = whole;
  $("content").hidden = !whole || !some;
  $("empty").hidden = !whole || !map || some;
  if (!whole || !map) return;
  if (some) {
    showTotals($("totals"), map);
    showMap($("map"), map);
    showPrompts($("prompts"), $("filters"), $("asks"));
  } else {
    showEmpty($("empty"));
  }
}

async function older() {
  const more = $("more");
  more.disabled = true;
  try {
    const journeys = await readJourneys(PAGE, list.end);
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
