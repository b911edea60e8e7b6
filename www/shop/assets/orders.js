// The thanks page and the order status page.
import { data, money, text } from "./data.js";
import { basket, commerce } from "./layer.js";
import { findOrder, orders } from "./order-store.js";
import { polkuCall } from "./polku.js";
import { miniLines, sum } from "./summary.js";

const find = (name) => document.querySelector(`[data-${name}]`);
const asked = () => new URLSearchParams(location.search).get("order") ?? "";

function fill(order) {
  find("order-number").textContent = order.number;
  find("mini-lines").replaceChildren(...miniLines(order.lines));
  find("order-sums").replaceChildren(
    sum(text("subtotal"), money(order.total - order.shipping)),
    sum(text("delivery"), order.shipping ? money(order.shipping) : text("free")),
    sum(text("total"), money(order.total), true));
  find("order-known").hidden = false;
}

export function thanksPage() {
  const order = findOrder(asked());
  if (!order) {
    find("order-unknown").hidden = false;
    return;
  }
  fill(order);
  if (order.name) find("thanks-heading").textContent = text("thanks_name", { name: order.name });
  find("order-link").href = `${data.root}/order?order=${encodeURIComponent(order.number)}`;
  // Pushed again on every reload, as real shops do: to count it once is the listener's task.
  commerce("purchase", {
    transaction_id: order.number,
    ...basket(order.lines),
    value: order.total / 100,
    shipping: order.shipping / 100,
    tax: Math.round(order.total * (0.255 / 1.255)) / 100,
  });
}

export function orderPage() {
  const number = asked();
  const order = number ? findOrder(number) : orders()[0];
  document.getElementById("f-order").value = number || order?.number || "";
  if (order) {
    fill(order);
    const date = new Date(order.placed).toLocaleDateString(data.lang === "fi" ? "fi-FI" : "en-GB", { dateStyle: "long" });
    find("order-date").textContent = text("placed_on", { date });
  }
  // What stands below the order was kept invisible, so that nobody sees it jump.
  document.body.setAttribute("data-ready", "");
  find("order-none").hidden = Boolean(order) || !number;
  polkuCall("track", "order_status_view");
}
