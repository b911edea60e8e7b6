// The checkout: form, pretended payment, order.
import { deliveryCents, empty, lines, subtotal, watch } from "./cart.js";
import { data, money, text } from "./data.js";
import { basket, commerce } from "./layer.js";
import { keep, newNumber } from "./order-store.js";
import { polkuCall } from "./polku.js";
import { miniLines } from "./summary.js";
import { fault, format, show } from "./validate.js";

// The pretended bank: it knows two cards.
const ACCEPTED = "4111111111111111";
const DECLINED = "4000000000000002";
const BANK_MS = 700;

const find = (name) => document.querySelector(`[data-${name}]`);

export function checkoutPage() {
  const form = find("checkout");
  const pay = find("pay");
  const inputs = [...form.querySelectorAll("[data-field] input")];
  const way = () => form.querySelector("[name=delivery]:checked");
  const delivery = () => deliveryCents(way().value, Number(way().dataset.cents));
  let paying = false;
  let shippingTold = "";

  watch(() => {
    if (paying) return; // The cart is emptied by the order itself.
    const now = lines();
    find("cart-empty").hidden = now.length > 0;
    find("cart-full").hidden = now.length === 0;
    find("mini-lines").replaceChildren(...miniLines(now));
    sums();
  });
  if (lines().length) commerce("begin_checkout", basket(lines()));

  function sums() {
    const cents = delivery();
    const total = subtotal() + cents;
    find("cart-subtotal").textContent = money(subtotal());
    find("cart-delivery").textContent = cents ? money(cents) : text("free");
    find("cart-grand").textContent = money(total);
    pay.textContent = text("pay", { total: money(total) });
    for (const radio of form.elements.delivery) {
      const price = deliveryCents(radio.value, Number(radio.dataset.cents));
      document.querySelector(`[data-way-price=${radio.value}]`).textContent = price ? money(price) : text("free");
    }
  }

  function tellShipping() {
    if (shippingTold === way().value) return;
    shippingTold = way().value;
    commerce("add_shipping_info", { ...basket(lines()), shipping_tier: shippingTold });
  }

  for (const radio of form.elements.delivery) {
    radio.addEventListener("change", () => {
      sums();
      tellShipping();
    });
  }

  for (const input of inputs) {
    input.addEventListener("input", () => {
      format(input);
      // A message goes as soon as it is mended, and comes only when the field is left.
      if (input.getAttribute("aria-invalid") && !fault(input)) show(input, "");
    });
    input.addEventListener("blur", () => {
      if (input.value !== "" && !paying) show(input, fault(input));
    });
  }

  for (const button of form.querySelectorAll("[data-use-card]")) {
    button.addEventListener("click", () => {
      const year = String((new Date().getFullYear() + 3) % 100).padStart(2, "0");
      const fill = { card: button.dataset.useCard, expiry: `09/${year}`, cvc: "123" };
      for (const [name, value] of Object.entries(fill)) {
        form.elements[name].value = value;
        show(form.elements[name], fault(form.elements[name]));
      }
      pay.focus();
    });
  }

  function complain(title, message) {
    const box = find("payment-error").content.cloneNode(true);
    box.querySelector("strong").textContent = title;
    box.querySelector("p").textContent = message;
    find("payment-error-place").replaceChildren(box);
  }

  function busy(on) {
    paying = on;
    // aria-disabled and not disabled: the button keeps the focus while the bank thinks.
    pay.setAttribute("aria-disabled", String(on));
    pay.classList.toggle("busy", on);
    if (on) pay.textContent = text("paying");
    else sums();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (paying || !lines().length) return;
    find("payment-error-place").replaceChildren();

    let faults = 0;
    for (const input of inputs) {
      const message = fault(input);
      show(input, message);
      if (message && ++faults === 1) input.focus();
    }
    if (faults) return;

    tellShipping();
    commerce("add_payment_info", { ...basket(lines()), payment_type: "card" });
    busy(true);
    const number = form.elements.card.value.replace(/\D/g, "");
    await new Promise((done) => setTimeout(done, BANK_MS));
    if (number === ACCEPTED) {
      const order = {
        number: newNumber(),
        placed: new Date().toISOString(),
        // The first name only, for the greeting: the rest of the form is kept nowhere.
        name: form.elements.name.value.trim().split(/\s+/)[0],
        lines: lines(),
        delivery: way().value,
        shipping: delivery(),
        total: subtotal() + delivery(),
      };
      keep(order);
      empty();
      location.assign(`${data.root}/thanks?order=${encodeURIComponent(order.number)}`);
      return;
    }
    busy(false);
    if (number === DECLINED) {
      complain(text("declined_title"), text("declined"));
      polkuCall("track", "payment_declined", {});
    } else {
      complain(text("real_card_title"), text("real_card"));
    }
  });

  // Back from the thanks page by the browser's cache: the form is usable again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      paying = false;
      location.reload();
    }
  });
}
