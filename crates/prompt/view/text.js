// Free text: a box that grows, a hint, and a count when the end is near.
import { fill, h } from "./dom.js";

/** The box, with what was written before. */
export const text = (words, view, written) =>
  h(
    "div",
    { class: "write" },
    h(
      "textarea",
      { rows: 3, dir: "auto", part: "text", maxlength: view.max, "aria-labelledby": "q", "aria-describedby": "bad hint" },
      written,
    ),
    h("div", { class: "under" }, h("p", { id: "hint", class: "hint" }, words.hint), h("p", { class: "count", hidden: true })),
  );

/** Says how many characters are left, in the last fifth of the box. */
export function count(words, area, line) {
  const left = area.maxLength - area.value.length;
  line.hidden = left > area.maxLength / 5;
  line.textContent = fill(words.left[new Intl.PluralRules(words.lang).select(left)] ?? words.left.other, left);
}
