// The last orders of this browser: the demo has no server that would know them.
import { data } from "./data.js";

const KEY = "kk_orders";
const KEPT = 5;

/** All kept orders, the last one first. Products that the shop no longer has are left out of their lines. */
export function orders() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return stored.map((order) => ({ ...order, lines: order.lines.filter((line) => data.products[line.sku]) }));
  } catch {
    return [];
  }
}

/** Keeps an order. */
export function keep(order) {
  try {
    localStorage.setItem(KEY, JSON.stringify([order, ...orders()].slice(0, KEPT)));
  } catch {
    // Without storage the thanks page says that it does not know the order.
  }
}

/** An order number such as KK-10482. */
export const newNumber = () => `KK-${10000 + Math.floor(Math.random() * 90000)}`;

/** The order of a number as people type it. */
export function findOrder(number) {
  const tidy = number.toUpperCase().replace(/[^0-9A-Z]/g, "");
  return orders().find((order) => order.number.replace("-", "") === tidy || order.number === `KK-${tidy}`);
}
