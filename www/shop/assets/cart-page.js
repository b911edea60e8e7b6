// The cart page: lines are kept in place while they change, so that the focus stays where it was.
import { FREE_FROM, lines, setQuantity, subtotal, watch } from "./cart.js";
import { data, make, money, picture, text } from "./data.js";
import { basket, commerce } from "./layer.js";
import { stepper } from "./stepper.js";
import { toast } from "./toast.js";

const find = (name) => document.querySelector(`[data-${name}]`);

export function cartPage() {
  const list = find("cart-lines");
  const shown = new Map();

  watch(() => {
    const now = lines();
    find("cart-empty").hidden = now.length > 0;
    find("cart-full").hidden = now.length === 0;
    for (const [sku, row] of shown) {
      if (now.some((line) => line.sku === sku)) continue;
      row.element.remove();
      shown.delete(sku);
    }
    for (const line of now) {
      if (!shown.has(line.sku)) {
        const row = makeRow(line.sku);
        shown.set(line.sku, row);
        list.append(row.element);
      }
      shown.get(line.sku).update(line.quantity);
    }
    sums();
  });
  commerce("view_cart", basket(lines()));
}

function makeRow(sku) {
  const product = data.products[sku];
  const { name } = product;
  const step = (by, label, sign) => make("button", { type: "button", "data-step": by, "aria-label": text(label, { name }) }, sign);
  const input = make("input", {
    type: "number", inputmode: "numeric", min: "1", max: "20", "aria-label": text("quantity_name", { name }),
    "data-test": "quantity",
  });
  const group = make("div", { class: "stepper small", role: "group", "aria-label": text("quantity_name", { name }) },
    step("-1", "less_name", "−"), input, step("1", "more_name", "+"));
  const remove = make("button", { type: "button", class: "link", "aria-label": text("remove_name", { name }), "data-test": "remove" },
    text("remove"));
  const sum = make("p", { class: "line-sum price" });
  const url = `${data.root}/p/${product.slug}`;
  const element = make("li", { class: "line", "data-sku": sku, "data-test": "cart-line" },
    make("a", { href: url, class: "line-picture", tabindex: "-1", "aria-hidden": "true" }, picture(product)),
    make("div", { class: "line-words" },
      make("h2", {}, make("a", { href: url }, name)),
      make("p", { class: "unit" }, `${product.unit} · ${money(product.cents)} ${text("each")}`)),
    make("div", { class: "line-tools" }, group, remove),
    sum);

  stepper(group, (quantity) => setQuantity(sku, quantity));
  remove.addEventListener("click", () => {
    const next = element.nextElementSibling ?? element.previousElementSibling;
    setQuantity(sku, 0);
    toast(text("removed", { name }));
    // The button is gone with its line: the focus moves to the next one, else to the heading.
    (next?.querySelector("[data-test=remove]") ?? document.getElementById("cart-heading")).focus();
  });
  return {
    element,
    update(quantity) {
      if (input.value !== String(quantity)) input.value = String(quantity);
      sum.textContent = money(product.cents * quantity);
    },
  };
}

function sums() {
  const cents = subtotal();
  const left = FREE_FROM - cents;
  find("cart-subtotal").textContent = money(cents);
  const delivery = find("cart-delivery");
  delivery.textContent = left > 0 ? delivery.dataset.from : text("free");
  find("free-bar").style.setProperty("inline-size", `${Math.min(100, (cents / FREE_FROM) * 100)}%`);
  find("free-text").textContent = left > 0 ? text("free_left", { sum: money(left) }) : text("free_now");
}
