// What several views are made of.
import { h } from "../../../../crates/prompt/view/dom.js";

/** The time of day, to the tenth of a second. */
export const time = (t) => {
  const date = new Date(t);
  const two = (number) => String(number).padStart(2, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${Math.floor(date.getMilliseconds() / 100)}`;
};

/** A table with these words over its columns; a row is a list of cells, which may carry a class of their own as `row.kind`. */
export const table = (heads, rows) =>
  h(
    "table",
    {},
    h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, ...rows.map((row) => h("tr", { class: row.kind }, ...row.map((cell) => h("td", {}, ...[cell ?? ""].flat()))))),
  );

/** Pairs of words and what they are. */
export const list = (pairs) => h("dl", {}, ...pairs.flatMap(([word, is]) => [h("dt", {}, word), h("dd", {}, ...[is ?? "–"].flat())]));

export const code = (value) => h("code", {}, typeof value === "string" ? value : JSON.stringify(value));

export const note = (text) => h("p", { class: "note" }, text);

export const title = (text) => h("h3", {}, text);
