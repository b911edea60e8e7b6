// Links for somebody outside: a dialog that makes one, and what the page shows to whoever came by one.

import { makeLink, readReader } from "./api.js";
import { read, VIEWS } from "./address.js";
import { h, replace } from "./dom.js";
import { moment } from "./format.js";
import { t } from "./texts.js";

/** Days to choose from. */
const DAYS = [1, 7, 30, 90];
/** Views that may be shown to others; what else there is names single journeys, or is the shop's own. */
const SHARED = ["map", "paths", "friction", "voice", "gap", "compare", "products", "service", "prompts"];

let reader = { signed_in: false, shared: null };

/** What the link opens by which the reader came; `null` for the shop itself. */
export const shared = () => reader.shared;
export const isSignedIn = () => reader.signed_in;

/** Asks who reads. The address of a link's holder is that of the link, whatever stood there. */
export async function meet() {
  reader = await readReader();
  if (!reader.shared) return;
  const { view, wanted } = reader.shared;
  const place = `#/${VIEWS.includes(view) ? view : "map"}${Object.keys(wanted).length ? `?${new URLSearchParams(wanted)}` : ""}`;
  if (read().view !== view || Object.entries(wanted).some(([name, value]) => new URLSearchParams(location.hash.split("?")[1]).get(name) !== value)) location.replace(place);
}

/** What whoever came by a link should know of it. */
export const notice = () => (reader.shared ? t("sharedUntil", { when: moment(reader.shared.until) }) : "");

/** A button that leads to the dialog; nothing for views that are not for others, and for those who came by a link. `wanted` gives the filter. */
export function shareButton(view, wanted) {
  if (reader.shared || !SHARED.includes(view)) return null;
  return h("button", { type: "button", class: "share-view", "data-f": `share-${view}`, onclick: () => open(view, wanted()) }, t("share"));
}

function open(view, wanted) {
  const dialog = document.getElementById("sharing");
  const days = h("select", { name: "days" }, DAYS.map((n) => h("option", { value: n, selected: n === 7 }, t("forDays", { n }))));
  const made = h("div", { class: "made", role: "status" });
  const make = async (event) => {
    event.preventDefault();
    try {
      const { link: path, until } = await makeLink(view, wanted, Number(days.value));
      const field = h("input", { type: "text", readonly: true, value: new URL(path, location.origin).href, "aria-label": t("shareLink"), onfocus: (focus) => focus.target.select() });
      const copied = h("span");
      const copy = async () => {
        field.select();
        // Where the page may not write to the clipboard, the link is selected and a key away.
        try { await navigator.clipboard.writeText(field.value); copied.textContent = t("copied"); } catch { field.focus(); }
      };
      replace(made, field, h("button", { type: "button", onclick: copy }, t("copy")), copied, h("p", { class: "note" }, t("endsOn", { when: moment(until) })));
      field.focus();
    } catch (why) {
      replace(made, h("p", { class: "alarm" }, t("shareFailed", { why: why.message })));
    }
  };
  dialog.replaceChildren(h("form", { onsubmit: make }, h("h2", { id: "h-sharing" }, t("shareTitle", { view: t(view === "prompts" ? "promptsHeading" : `view_${view}`) })), h("p", { class: "note" }, t("shareNote")),
    h("label", { class: "filter" }, h("span", null, t("shareDays")), days), h("div", { class: "does" }, h("button", { type: "submit", class: "button" }, t("shareMake")),
      h("button", { type: "button", onclick: () => dialog.close() }, t("close"))), made));
  dialog.showModal();
}
