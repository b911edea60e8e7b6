// Choices: a row for each, the whole of it to be pressed; one or several. Two that are opposites stand beside each other.
import { fill, h } from "./dom.js";
import { marked } from "./markup.js";

/** Other words than the offered ones have room for a sentence. */
export const OTHER = 200;

/** How a choice is said: as the shop wrote it, else the widget's own word for it (`yes`, `no`, `up`, `down`). */
const said = (words, { id, text, other }) => text || (other ? words.other : words[id]);

/** The rows, with what was chosen before. `written`: the words of `other`; `looks`: what draws thumbs. */
export function choices(words, view, written, looks) {
  const { many, ask, chosen = [] } = view;
  const pair = ask === "yesno" || ask === "thumbs";
  const rows = view.choices.map((choice) => {
    const { id, other, none } = choice;
    const row = h(
      "label",
      { class: "row " + id, part: "option" },
      h("input", { type: many ? "checkbox" : "radio", name: "c", value: id, checked: chosen.includes(id), "data-other": other, "data-none": none }),
      ask === "thumbs" ? looks.thumb() : "",
      h("span", { lang: choice.text && view.lang }, ...marked(said(words, choice))),
    );
    if (!other) return row;
    // Not a field of its own: what is written belongs to the choice above it.
    const field = h("input", { class: "own", type: "text", dir: "auto", maxlength: OTHER, value: written, autocomplete: "off", "aria-label": said(words, choice), "aria-describedby": "bad hint" });
    return h("div", {}, row, field);
  });
  const hint = view.min > 1 ? fill(words.pickmin, view.min) : view.most ? fill(words.pickmost, view.most) : "";
  const own = view.choices.some(({ other }) => other);
  return h(
    "fieldset",
    { class: pair ? "pair" : "rows", role: many ? "group" : "radiogroup", "aria-labelledby": "q", "aria-describedby": "bad few" },
    ...rows,
    h("p", { id: "few", class: "hint", hidden: !hint }, hint),
    own ? h("p", { id: "hint", class: "hint" }, words.hint) : "",
  );
}

/** One that excludes the others does so; those of one kind are native radio buttons and do so by themselves. */
export function exclude({ target }) {
  const rows = target.checked && target.type === "checkbox" ? [...(target.closest("fieldset")?.querySelectorAll("[name=c]") ?? [])] : [];
  for (const row of rows) if (row !== target && (target.dataset.none != null || row.dataset.none != null)) row.checked = false;
}
