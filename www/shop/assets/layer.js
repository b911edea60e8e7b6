// Google Analytics 4 events, as shops push them into the data layer for their tag manager.
import { data } from "./data.js";

window.dataLayer = window.dataLayer || [];

/** The classic function of Google's tag: it pushes its arguments object, not an array. */
export function gtag() {
  window.dataLayer.push(arguments);
}

/** An e-commerce event in object form. The cleared object before it keeps fields of the last one from staying. */
export function commerce(event, ecommerce) {
  window.dataLayer.push({ ecommerce: null });
  window.dataLayer.push({ event, ecommerce });
}

/** A product as GA4 describes it. */
export function item(sku, quantity = 1, extra = {}) {
  const product = data.products[sku];
  return {
    item_id: sku,
    item_name: product.name,
    item_category: product.category,
    price: product.cents / 100,
    quantity,
    ...extra,
  };
}

/** Currency, value and items of cart lines. */
export function basket(lines) {
  const cents = lines.reduce((sum, line) => sum + data.products[line.sku].cents * line.quantity, 0);
  return { currency: data.currency, value: cents / 100, items: lines.map((line) => item(line.sku, line.quantity)) };
}
