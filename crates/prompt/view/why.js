// "Why we ask": what for, to whom, how long, and the very answer that would leave, in the card itself.
import { button, fill, h, several } from "./dom.js";
import { way } from "./markup.js";

/** The privacy line, with its explanation folded. */
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
    h("div", { id: "why", class: "why", hidden: true }),
  );

/** Writes the explanation; `data` is the answer as it stands, as JSON, or empty; `sent`: some answer has left already. */
export function explain(box, words, { measure, collector, keepDays, privacyUrl }, data, sent) {
  const lines = [words.purpose, measure ? words.joined : words.alone];
  if (collector) lines.push(fill(words.to, collector));
  if (keepDays) lines.push(several(words, words.keep, keepDays));
  lines.push(data ? words.data : words.nodata);
  box.replaceChildren(...lines.map((line) => h("p", {}, line)));
  if (data) box.append(h("pre", { tabindex: 0, "aria-label": words.data }, JSON.stringify(JSON.parse(data), null, 1)));
  // The shopper's own view says the rest.
  const more = h("p", { class: "more" }, button("", "known", words.known));
  if (privacyUrl) more.append(h("a", way(privacyUrl), words.policy));
  if (sent) more.append(button("", "forget", words.forget));
  box.append(more);
}
