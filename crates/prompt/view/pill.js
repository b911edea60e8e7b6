// The card folded into a button: how it begins on a touch screen, and what it is minimised to.
import { button, h } from "./dom.js";

/** The pill with its own way out. */
export const pill = (words, said) =>
  h(
    "div",
    { class: "pill", part: "pill", hidden: true, role: "group", "aria-label": words.dialog },
    button("open", "open", said, { "aria-expanded": "false", "aria-controls": "card" }),
    button("x", "close", "", { "aria-label": words.close }),
  );
