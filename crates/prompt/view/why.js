// "Why we ask": what for, to whom, how long, and the very answer that would leave, in the card itself.
import { button, fill, h, several } from "./dom.js";
import { way } from "./markup.js";

/** The privacy line, with its explanation folded. In it the shopper may tick that the steps of the visit go along, where they do not already. */
export const note = (words) =>
  h(
    "div",
    { class: "note", part: "privacy" },
    h(
      "p",
      {},
      words.note + " ",
      button("", "why", words.why, { "aria-expanded": "false", "aria-controls": "why" }),
      h("span", { class: "dot", "aria-hidden": "true" }, " · "),
      button("", "never", words.never),
    ),
    h("div", { id: "why", class: "why", hidden: true }, h("div"), h("label", { class: "row", hidden: true }, h("input", { type: "checkbox", "data-along": "" }), h("span", {}, words.steps)), h("div")),
  );

/** Writes the explanation; `data` is the answer as it stands, or nothing; `sent`: some answer has left already. */
export function explain(box, words, { measure, path, collector, keepDays, privacyUrl }, data, sent) {
  // The tick stays the element that it is: whoever is at it is not thrown out by what it changes.
  const [head, tick, foot] = box.children;
  tick.hidden = measure || !path;
  const lines = [words.purpose, measure || (data && data.path) ? words.joined : words.alone];
  if (collector) lines.push(fill(words.to, collector));
  if (keepDays) lines.push(several(words, words.keep, keepDays));
  head.replaceChildren(...lines.map((line) => h("p", {}, line)));
  foot.replaceChildren(h("p", {}, data ? words.data : words.nodata));
  if (data) foot.append(h("pre", { tabindex: 0, "aria-label": words.data }, JSON.stringify(data, null, 1)));
  // The shopper's own view says the rest.
  const more = h("p", { class: "more" }, button("", "known", words.known));
  if (privacyUrl) more.append(h("a", way(privacyUrl), words.policy));
  if (sent) more.append(button("", "forget", words.forget));
  foot.append(more);
}
