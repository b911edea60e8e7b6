// Lines and sums of an order, as the checkout, the thanks and the status page show them.
import { data, make, money, picture } from "./data.js";

/** One small line per product. */
export function miniLines(lines) {
  return lines.map(({ sku, quantity }) => {
    const product = data.products[sku];
    return make("li", { "data-sku": sku },
      picture(product),
      make("span", { class: "mini-name" }, product.name, make("span", { class: "unit" }, `${quantity} × ${product.unit}`)),
      make("span", { class: "price" }, money(product.cents * quantity)));
  });
}

/** One row of a list of sums. */
export function sum(label, value, grand = false) {
  return make("div", grand ? { class: "grand" } : {}, make("dt", {}, label), make("dd", {}, value));
}
