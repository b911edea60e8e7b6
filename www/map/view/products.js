// Products and categories: seen, put into the cart, bought; and how many of those who saw them were frustrated somewhere.

import { chart } from "../chart/frame.js";
import { intervals } from "../chart/intervals.js";
import { h } from "../dom.js";
import { number, percent } from "../format.js";
import { t } from "../texts.js";
import { mark, shareCell, shareData, shareHead } from "./parts.js";

const DRAWN = 10;

export const reads = (wanted) => ["products", wanted];

export const isEmpty = (data) => !data.items.length && !data.categories.length;

export const show = (data) => [list("categories", data.categories), list("items", data.items)];

function list(kind, products) {
  if (!products.length) return null;
  const drawn = products.filter((one) => one.cart.percent !== null).slice(0, DRAWN);
  return chart({
    name: kind, title: t(`${kind}Title`), note: t("productsNote"), open: true,
    draw: drawn.length ? intervals({
      rows: drawn.map((one) => ({ label: one.name, sub: t("seenN", { n: number(one.seen) }), marks: [mark("one", one.cart), mark("good", one.bought)] })),
      say: (value) => percent(value / 100), label: t("productsLabel"),
    }) : null,
    before: drawn.length ? h("ul", { class: "keys dots" }, h("li", { class: "one" }, t("toCart")), h("li", { class: "good" }, t("cartToBought"))) : null,
    columns: [{ label: t(kind === "items" ? "colItem" : "colCategory") }, { label: t("colSeen"), number: true }, { label: t("toCart"), number: true }, { label: t("cartToBought"), number: true }, { label: t("colFrustrated"), number: true }],
    rows: products.map((one) => [one.name, number(one.seen), shareCell(one.cart), shareCell(one.bought), shareCell(one.frustrated)]),
    csvRows: [["name", "seen", ...shareHead("cart"), ...shareHead("bought"), ...shareHead("frustrated")], ...products.map((one) => [one.name, one.seen, ...shareData(one.cart), ...shareData(one.bought), ...shareData(one.frustrated)])],
  });
}
