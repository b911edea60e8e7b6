import { amount, searched, text } from "./value.js";

/** A payment is turned down within this after it was asked for, in ms; later errors have other reasons. */
const PAYS = 30_000;
/** Errors of the checkout; those of its fields bear the field's name. */
const ERRORS = ".woocommerce-error,.wc-block-checkout .is-error";

const shown = (selector) => document.querySelector(selector);

/** What kind of page WooCommerce says it is; `found` is what structured data says is on it. */
export function woo(tell, found) {
  const { classList, className } = document.body;
  if (!/\bwoocommerce/.test(className)) return;
  if (classList.contains("woocommerce-order-received")) {
    if (shown(".woocommerce-thankyou-order-failed")) return tell("payment_declined");
    const number = (/order-received\/(\d+)/.exec(location.pathname) || [])[1] || text((shown(".woocommerce-order-overview__order strong") || {}).textContent);
    const total = (shown(".woocommerce-order-overview__total .amount,.woocommerce-order-overview__total strong") || {}).textContent || "";
    const currency = total.includes("€") ? "EUR" : total.includes("£") ? "GBP" : undefined;
    if (number) tell("purchase", { transaction_id: number.trim(), value: amount(total), currency, ...(found.purchase && { items: found.purchase.items }) });
  } else if (classList.contains("woocommerce-checkout")) {
    tell("begin_checkout");
    // Back from the payment's own pages, with an error that is no field's.
    if (document.referrer && !document.referrer.startsWith(location.origin + "/") && turnedDown()) tell("payment_declined");
  } else if (classList.contains("woocommerce-cart")) tell("view_cart");
  else if (classList.contains("single-product")) {
    const [, id] = /\bpostid-(\d+)/.exec(className) || [];
    tell("view_item", found.view_item || (id && { items: [{ item_id: id }] }));
  } else if (classList.contains("search")) {
    tell("search", { search_term: searched(), results: shown(".woocommerce-no-products-found") ? 0 : undefined });
  } else if (shown(".products .product")) {
    const buttons = [...document.querySelectorAll(".products .product [data-product_id]")].slice(0, 50);
    const items = buttons.map(({ dataset }, index) => ({ item_id: dataset.product_sku || dataset.product_id, index }));
    tell("view_item_list", found.view_item_list || { items });
  }
}

/** An error that is about no field, and not about terms that are still to be accepted. */
function turnedDown() {
  const error = shown(ERRORS);
  return error && !error.querySelector("[data-id]") && !shown("#terms:not(:checked)") && error;
}

/** What happens on a WooCommerce page: its cart, and a payment that is turned down. */
export function watchWoo(say, change) {
  const offs = [];
  const body = document.body;
  const jQuery = window.jQuery;
  const hooks = (window.wp || {}).hooks;
  for (const [past, name] of [["added_to", "add_to_cart"], ["removed_from", "remove_from_cart"]]) {
    const heard = (event, fragments, hash, button) => {
      const { product_sku, product_id, quantity } = (button && button[0] && button[0].dataset) || {};
      change(name, product_id && { item_id: product_sku || product_id, quantity });
    };
    const silent = () => change(name);
    if (jQuery && jQuery.fn && jQuery(body).on) {
      jQuery(body).on(past + "_cart.polku", heard);
      offs.push(() => jQuery(body).off(past + "_cart.polku", heard));
    }
    body.addEventListener(`wc-blocks_${past}_cart`, silent);
    offs.push(() => body.removeEventListener(`wc-blocks_${past}_cart`, silent));
  }
  if (hooks && hooks.addAction) {
    for (const [end, name] of [["add-item", "add_to_cart"], ["remove-item", "remove_from_cart"]]) {
      const action = "experimental__woocommerce_blocks-cart-" + end;
      hooks.addAction(action, "polku", ({ product = {}, quantity } = {}) =>
        change(name, { item_id: product.sku || String(product.id), item_name: product.name, quantity }),
      );
      offs.push(() => hooks.removeAction(action, "polku"));
    }
  }

  let known, timer;
  const observer = new MutationObserver(() => {
    const error = turnedDown();
    if (!error || error === known) return;
    known = error;
    stop();
    say("payment_declined");
  });
  const stop = () => {
    clearTimeout(timer);
    observer.disconnect();
  };
  const pays = ({ target }) => {
    if (!target.closest || !target.closest("#place_order,.wc-block-components-checkout-place-order-button")) return;
    stop();
    known = shown(ERRORS);
    observer.observe(body, { childList: true, subtree: true });
    timer = setTimeout(stop, PAYS);
  };
  const options = { capture: true, passive: true };
  document.addEventListener("click", pays, options);
  return () => {
    stop();
    document.removeEventListener("click", pays, options);
    for (const off of offs) off();
  };
}
