// Free text: a box that grows, a hint, a word about what will be taken out, and a count when the end is near.
import { fill, h, several } from "./dom.js";

/** The masks of the scrubber (`[email]`, `[fi_hetu]`): some have a name of their own, those of a country are numbers that tell a person. */
const MASK = /\[([a-z]+(?:_[a-z_]+)?)\]/g;
const COUNTRY = /^[a-z]{2}_/;
const named = (words, mask) => words.masks[mask] ?? words.masks[COUNTRY.test(mask) ? "id" : "other"];

/** What was scrubbed, as the shopper reads it: "[e-mail removed]". */
export const masked = (words, text) => text.replace(MASK, (_, mask) => fill(words.mask, named(words, mask)));

/** The box, with what was written before. */
export function text(words, view, written) {
  const more = { dir: "auto", part: "text", maxlength: view.max, autocomplete: "off", "aria-labelledby": "q", "aria-describedby": "bad hint" };
  return h(
    "div",
    { class: "write" },
    view.rows === 1 ? h("input", { class: "one", type: "text", value: written, ...more }) : h("textarea", { rows: view.rows || 3, ...more }, written),
    h("div", { class: "under" }, h("p", { id: "hint", class: "hint" }, words.hint), h("p", { class: "count", hidden: true })),
    h("p", { class: "takes hint", role: "status" }),
  );
}

/** Says how many characters are left, in the last fifth of the box. */
export function count(words, area, line) {
  const left = area.maxLength - area.value.length;
  line.hidden = left > area.maxLength / 5;
  line.textContent = several(words, words.left, left);
}

/** Says what will be taken out of what is written before it leaves; `clean` is what would leave. */
export function takes(words, line, clean) {
  const found = [...clean.matchAll(MASK)].map(([, mask]) => named(words, mask));
  const said = found.length ? words.masked + ": " + [...new Set(found)].join(", ") : "";
  if (line.textContent !== said) line.textContent = said; // else it would be read out with each key
}
