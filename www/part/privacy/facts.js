import { fill, h } from "../../../crates/prompt/view/dom.js";
import { day, when } from "./when.js";

/** A list of names and what they are; those without anything are left out. */
const list = (rows) => rows.filter(([, value]) => value).flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]);

/** The visit, and what is remembered beyond it. */
export function facts({ words }) {
  const visit = h("dl");
  const beyond = h("p");
  const one = h("section", { "aria-labelledby": "visit", hidden: true }, h("h3", { id: "visit" }, words.visit), visit);
  const two = h("section", { "aria-labelledby": "beyond", hidden: true }, h("h3", { id: "beyond" }, words.beyond), beyond);
  return {
    elements: [one, two],
    update({ journey, asked, remembered, read }) {
      one.hidden = !journey;
      two.hidden = !read;
      if (journey) {
        const { id, started, stage, device, lang } = journey;
        visit.replaceChildren(
          ...list([
            [words.id, h("code", {}, id)],
            [words.began, when(words, started * 1000)],
            [words.stage, stage],
            [words.device, device],
            [words.language, lang],
            [words.asked, asked.join(", ")],
            [words.kept, words.keptText],
          ]),
        );
      }
      const { visits, orders, last_order: last, until } = remembered || {};
      beyond.textContent = remembered
        ? fill(words.beyondText, visits, orders, day(words, until)) + (last ? " " + fill(words.lastOrder, day(words, last)) : "")
        : words.beyondNone;
    },
  };
}
