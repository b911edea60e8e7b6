// Saved replies: they belong to the person who answers, and stay in this browser.

import { h, replace } from "/map/dom.js";
import { t } from "./texts.js";

const KEPT = "polku-inbox-replies";
const MOST = 30;

function read() {
  try {
    const list = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(list) ? list.filter((text) => typeof text === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function showReplies(place, text, chosen) {
  const list = read();
  const keep = (next) => {
    localStorage.setItem(KEPT, JSON.stringify(next.slice(0, MOST)));
    showReplies(place, text, chosen);
    // What was pressed is drawn anew.
    place.querySelector(".add").focus();
  };
  const short = (reply) => (reply.length > 60 ? `${reply.slice(0, 60)}…` : reply);
  replace(place,
    list.length ? h("ul", null, list.map((reply) => h("li", null,
      h("button", { type: "button", class: "reply", dir: "auto", onclick: () => chosen(reply) }, reply),
      h("button", { type: "button", class: "plain remove", "aria-label": t("savedRemove", { text: short(reply) }), onclick: () => keep(list.filter((other) => other !== reply)) }, "×")))) : h("p", { class: "hint" }, t("savedNone")),
    h("button", { type: "button", class: "plain add", onclick: () => text.value.trim() && keep([text.value.trim(), ...list.filter((other) => other !== text.value.trim())]) }, t("savedAdd")));
}
