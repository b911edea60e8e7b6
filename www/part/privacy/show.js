// Puts the view on the page, as an element of it or as a dialog, and keeps it true: it is drawn anew as something is stored, sent or decided.
import { h } from "../../../crates/prompt/view/dom.js";
import { choices } from "./choices.js";
import { deeds } from "./deeds.js";
import { facts } from "./facts.js";
import { known } from "./known.js";
import { lists } from "./lists.js";
import { status } from "./status.js";
import { STYLE } from "./style.js";

/** What changes together is drawn once. In ms. */
const SOON = 120;

/** What of the widget tells that something has changed. */
const DELIVERY = ["write", "shelve", "erase"];
const API = ["consent", "withdraw"];

/** Calls `run` after each of these methods, until it is taken off again. */
function after(object, names, run) {
  const before = names.map((name) => object[name]);
  const ours = before.map((method) => (...args) => {
    const result = method.apply(object, args);
    run();
    return result;
  });
  names.forEach((name, at) => (object[name] = ours[at]));
  return () => names.forEach((name, at) => object[name] === ours[at] && (object[name] = before[at]));
}

/** `asked`: the shopper has opened it, and it is a dialog. */
export function show(inside, words, host, asked) {
  const { extra } = inside;
  const { polku } = window;
  const root = host.shadowRoot || host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];
  const { lang, dir = "ltr" } = words;
  const view = { inside, words, host, look: asked };
  const parts = [status, choices, facts, lists, deeds].map((make) => make(view));
  const body = h(
    "div",
    { class: "card", part: "card", lang, dir },
    h("h2", { id: "title", part: "title", tabindex: -1 }, words.title),
    h("p", { class: "lead" }, words.lead),
    ...parts.flatMap(({ elements }) => elements),
  );
  let dialog;
  if (asked) {
    const close = h("button", { type: "button", class: "x", part: "close", "aria-label": words.close });
    body.prepend(close);
    dialog = h("dialog", { class: "open", "aria-labelledby": "title", closedby: "any" }, body);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => end());
    // No prompt opens over it or under it.
    host.setAttribute("data-polku-open", "");
  } else {
    body.setAttribute("role", "region");
    body.setAttribute("aria-labelledby", "title");
  }
  host.setAttribute("data-polku-view", "");
  const theme = document.documentElement.dataset.polkuTheme;
  if (theme) host.dataset.polkuTheme = theme;

  let timer, was;
  const draw = () => {
    clearTimeout(timer);
    timer = 0;
    if (!host.isConnected) return end();
    // A page that nobody sees is drawn when it is seen again.
    if (document.hidden) return;
    const now = known(inside, view.look);
    const same = JSON.stringify({ ...now, made: 0 });
    if (same === was) return;
    was = same;
    for (const { update } of parts) update(now);
  };
  const soon = () => (timer ||= setTimeout(draw, SOON));
  view.draw = () => {
    was = 0;
    draw();
  };

  const offs = [after(polku, API, soon), after(polku, ["destroy"], () => end(true))];
  // What stores and sends may come later, with a consent.
  const attach = () => offs.push(after(extra.delivery, DELIVERY, soon), after(extra.delivery.sent, ["begin", "end"], soon));
  if (extra.delivery) attach();
  else (extra.come ||= []).push(attach);
  document.addEventListener("visibilitychange", draw);
  offs.push(() => document.removeEventListener("visibilitychange", draw));
  function end(gone) {
    clearTimeout(timer);
    for (const off of offs.splice(0).reverse()) off();
    if (asked) host.remove();
    else if (gone) root.replaceChildren();
  }
  root.append(dialog || body);
  draw();
  if (dialog) dialog.showModal();
}
