// A scale: native radio buttons, so that arrows, screen readers and voice control work as everywhere. Choosing sends nothing.
import { fill, focus, h } from "./dom.js";

/** How a point is said: "3 / 10", "4 / 5, Satisfied". */
export const point = (words, { words: kind, high }, score) =>
  fill(words.point, score, high) + (kind === "csat" ? ", " + words["csat" + score] : "");

/** The words at the two ends: the shop's own, else the widget's. */
const ends = (words, { ends: own, words: kind }) => own || [words[kind + 1], words[kind + (kind === "csat" ? 5 : 2)]];

/** The scale, with what was chosen before. `looks`: what draws points that are no numbers. */
export function scale(words, view, looks) {
  const { low, high, look = "numbers", score: chosen } = view;
  const [least, most] = ends(words, view);
  const cells = h("div", { class: "cells " + look });
  for (let score = low; score <= high; score++) {
    cells.append(
      h(
        "label",
        { class: "cell", part: "option" },
        h("input", { type: "radio", name: "s", value: score, "aria-label": point(words, view, score), checked: score === chosen }),
        h("span", { "aria-hidden": "true" }, look === "numbers" ? score : looks.mark(view, score)),
      ),
    );
  }
  return h(
    "fieldset",
    { class: "scale", role: "radiogroup", "aria-labelledby": "q", "aria-describedby": "bad ends" },
    cells,
    // The ends twice: as a sentence for those who hear it, under the scale for those who see it.
    h("p", { id: "ends", class: "sr" }, fill(words.ends, low, least, high, most)),
    h(
      "div",
      { class: "ends", "aria-hidden": "true" },
      h("span", {}, least),
      look === "faces" && view.words === "csat" ? h("span", {}, words.csat3short || words.csat3) : "",
      h("span", {}, most),
    ),
  );
}

/**
 * Home and End, and the points' own digits, which native radio buttons do not know; and the arrows, which in WebKit stop at the ends and go the wrong way from right
 * to left. Only while the scale has the focus.
 */
export function jump(event) {
  const points = [...(event.target.closest(".cells")?.querySelectorAll("input") || [])];
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const at = points.indexOf(event.target);
  const back = event.target.closest("[dir=rtl]") ? 1 : -1;
  const place = { Home: 0, End: -1, ArrowUp: at - 1, ArrowDown: at + 1, ArrowLeft: at + back, ArrowRight: at - back }[event.key];
  const to = points[(place + points.length) % points.length] || points.find(({ value }) => value === event.key);
  if (to) {
    event.preventDefault(); // else the page scrolls
    focus(to);
    to.click(); // as the arrows do: chosen, with its change event
  }
}
