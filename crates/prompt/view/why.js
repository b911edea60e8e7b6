// "Why we ask": what for, to whom, and the very answer that would leave, in the card itself.
import { fill, h } from "./dom.js";

/** The privacy line, with its explanation folded. */
export const note = (words) =>
  h(
    "div",
    { class: "note", part: "privacy" },
    h("p", {}, words.note + " ", h("button", { type: "button", "data-do": "why", "aria-expanded": "false", "aria-controls": "why" }, words.why)),
    h("div", { id: "why", class: "why", hidden: true }),
  );

/** Writes the explanation; `data` is the answer as it stands, as JSON, or empty. */
export function explain(box, words, { measure, collector }, data) {
  const lines = [words.purpose, measure ? words.joined : words.alone];
  if (collector) lines.push(fill(words.to, collector));
  lines.push(data ? words.data : words.nodata);
  box.replaceChildren(...lines.map((line) => h("p", {}, line)));
  if (data) box.append(h("pre", {}, JSON.stringify(JSON.parse(data), null, 1)));
  // The shopper's own view says the rest.
  box.append(h("p", {}, h("button", { type: "button", "data-do": "known" }, words.known)));
}
