// A scale of numbers: native radio buttons, so that arrows, screen readers and voice control work as everywhere.
// Choosing sends nothing.
import { fill, focus, h } from "./dom.js";

/** How a point is said: "3 / 10", "4 / 5, Satisfied". */
export const point = (words, view, score) =>
  fill(words.point, score, view.high) + (view.words === "csat" ? ", " + words["csat" + score] : "");

/** The scale, with what was chosen before. */
export function scale(words, view) {
  const ends = [words[view.words + "1"], words[view.words + (view.words === "csat" ? 5 : 2)]];
  const cells = h("div", { class: "cells" });
  for (let score = view.low; score <= view.high; score++) {
    cells.append(
      h(
        "label",
        { class: "cell", part: "option" },
        h("input", { type: "radio", name: "s", value: score, "aria-label": point(words, view, score), checked: score === view.score }),
        h("span", { "aria-hidden": "true" }, score),
      ),
    );
  }
  return h(
    "fieldset",
    { class: "scale", role: "radiogroup", "aria-labelledby": "q", "aria-describedby": "bad ends" },
    cells,
    // The ends twice: as a sentence for those who hear it, under the scale for those who see it.
    h("p", { id: "ends", class: "sr" }, fill(words.ends, view.low, ends[0], view.high, ends[1])),
    h("div", { class: "ends", "aria-hidden": "true" }, h("span", {}, ends[0]), h("span", {}, ends[1])),
  );
}

/** Home and End, which native radio buttons do not know. */
export function jump(event) {
  const points = event.target.closest(".cells")?.querySelectorAll("input");
  const to = { Home: 0, End: points?.length - 1 }[event.key];
  if (points && to >= 0) {
    event.preventDefault(); // else the page scrolls
    focus(points[to]);
    points[to].click(); // as the arrows do: chosen, with its change event
  }
}
