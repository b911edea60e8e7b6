// The cart: lines of { sku, quantity } in the shop's own storage. No page elements here.
import { data } from "./data.js";
import { basket, commerce } from "./layer.js";

const KEY = "kk_cart";
const MOST = 20;
/** From this sum on (in cents) the pickup point is free. */
export const FREE_FROM = 6000;

const watchers = new Set();

/** The lines, without products that the shop no longer has. */
export function lines() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return stored.filter((line) => data.products[line.sku] && line.quantity > 0);
  } catch {
    // Storage is off or holds something else: an empty cart is the honest answer.
    return [];
  }
}

/** Calls back now, and whenever the cart changes, in this tab or another. */
export function watch(callback) {
  watchers.add(callback);
  callback();
}

function save(next) {
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // The cart then lives no longer than this page; the shop has no better place for it.
  }
  for (const callback of watchers) callback();
}

addEventListener("storage", (event) => {
  if (event.key === KEY || event.key === null) for (const callback of watchers) callback();
});
// A page from the back/forward cache shows the cart of the moment it was left.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const callback of watchers) callback();
});

export const count = () => lines().reduce((sum, line) => sum + line.quantity, 0);
export const subtotal = () => lines().reduce((sum, line) => sum + data.products[line.sku].cents * line.quantity, 0);
export const deliveryCents = (way, cents) => (way === "pickup" && subtotal() >= FREE_FROM ? 0 : cents);

/** Sets a line's quantity and reports what came or went. */
export function setQuantity(sku, quantity) {
  const before = lines();
  const had = before.find((line) => line.sku === sku)?.quantity ?? 0;
  const next = Math.max(0, Math.min(MOST, Math.floor(quantity) || 0));
  if (next === had) return;
  const kept = before.map((line) => (line.sku === sku ? { sku, quantity: next } : line));
  if (had === 0) kept.push({ sku, quantity: next });
  save(kept.filter((line) => line.quantity > 0));
  const change = basket([{ sku, quantity: Math.abs(next - had) }]);
  commerce(next > had ? "add_to_cart" : "remove_from_cart", change);
}

export const add = (sku, quantity) =>
  setQuantity(sku, (lines().find((line) => line.sku === sku)?.quantity ?? 0) + quantity);

export const empty = () => save([]);
