// The list of conversations: those who wait first, as the server orders them.

import { h, replace } from "/map/dom.js";
import { t } from "./texts.js";
import { when } from "./thread.js";

export const shopper = (id) => t("shopper", { n: id });

/** A conversation that wants an answer. */
export const wants = (talk) => talk.waiting !== null || talk.unread > 0;

function minutes(seconds) {
  if (seconds < 60) return t("waitsNow");
  const m = Math.floor(seconds / 60);
  return t("waits", { time: m < 60 ? `${m}\u00a0min` : `${Math.floor(m / 60)}\u00a0h ${m % 60}\u00a0min` });
}

function state(talk, now) {
  if (talk.ended) return h("span", { class: "chip ended" }, t("ended"));
  if (talk.waiting !== null) return h("span", { class: "chip waits" }, minutes(now - talk.waiting));
  return h("span", { class: "chip taken" }, talk.person ? h("bdi", null, t("with", { name: talk.person })) : t("taken"));
}

export function showList(place, talks, open, now, choose) {
  const focused = document.activeElement?.dataset?.talk;
  replace(place, talks.map((talk) => h("li", null,
    h("button", { type: "button", class: `one${wants(talk) ? " wants" : ""}`, "data-talk": talk.id, "aria-current": talk.id === open ? "true" : null },
      h("span", { class: "line" },
        h("strong", null, h("span", { class: talk.here ? "dot here" : "dot", title: talk.here ? t("here") : t("away") }), shopper(talk.id)),
        h("span", { class: "time" }, when(talk.touched))),
      h("span", { class: "line" },
        h("span", { class: "teaser", dir: "auto" }, talk.teaser && talk.teaser[0] !== "shopper" ? [h("span", null, `${t("you")}: `)] : null, h("bdi", { dir: "auto" }, talk.teaser?.[1] ?? "")),
        talk.unread > 0 ? h("span", { class: "count" }, h("span", { "aria-hidden": "true" }, talk.unread), h("span", { class: "sr" }, t("fresh", { n: talk.unread }))) : null),
      h("span", { class: "line" }, state(talk, now), talk.page ? h("bdi", { class: "page" }, talk.page) : null)))));
  place.onclick = (event) => {
    const one = event.target.closest("[data-talk]");
    if (one) choose(Number(one.dataset.talk));
  };
  // Drawn anew: who was in the list stays at the same conversation.
  if (focused && !document.activeElement?.dataset?.talk) place.querySelector(`[data-talk="${CSS.escape(focused)}"]`)?.focus();
}

/** Up and down go through the list, as well as Tab. */
export function walk(place) {
  place.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = [...place.querySelectorAll("[data-talk]")];
    const at = all.indexOf(document.activeElement);
    const next = { Home: all[0], End: all[all.length - 1] }[event.key] ?? (step && at >= 0 ? all[at + step] : null);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
}
