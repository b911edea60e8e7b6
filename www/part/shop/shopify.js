import { amount, searched } from "./value.js";

/** Shopify counts in hundredths. */
const cents = (value) => (value > 0 ? value / 100 : undefined);

/** Shopify's pages outside its checkout, by what its own analytics knows of them; `found` is what structured data says. */
export function shopify(tell, found) {
  const { meta = {}, Shopify = {} } = { meta: (window.ShopifyAnalytics || {}).meta, Shopify: window.Shopify };
  const { product, currency, page: { pageType } = {} } = meta;
  if (product) {
    const variants = product.variants || [];
    const { id, sku, price, name, public_title } = variants.find(({ id }) => id == meta.selectedVariantId) || variants[0] || {};
    const item = {
      item_id: sku || String(id || product.id),
      item_name: name,
      item_brand: product.vendor,
      item_category: product.type,
      item_variant: public_title,
      price: cents(price),
    };
    tell("view_item", { currency, value: item.price, items: [item] });
  } else if (pageType === "collection") tell("view_item_list", found.view_item_list);
  else if (pageType === "cart") tell("view_cart");
  else if (pageType === "searchresults") tell("search", { search_term: searched(), ...found.search });

  // The thank-you page of checkouts from before 2024, where scripts may run.
  const { order_id, total_price, presentment_currency, currency: own, line_items = [] } = Shopify.checkout || {};
  if (order_id && /thank_you/.test(location.pathname + (Shopify.Checkout || {}).step)) {
    const items = line_items.map(({ sku, variant_id, title, price, quantity }) => ({ item_id: sku || String(variant_id), item_name: title, price: amount(price), quantity }));
    tell("purchase", { transaction_id: String(order_id), value: amount(total_price), currency: presentment_currency || own, items });
  }
}

/** Forms that put something into a cart, of Shopify and of WooCommerce; themes that send them by script submit them all the same. */
export function watchForms(say, change) {
  const submitted = ({ target, submitter }) => {
    if (!target.matches || !target.matches('form[action*="/cart"],form.cart')) return;
    const asked = submitter && submitter.getAttribute("name");
    if (asked === "checkout") say("begin_checkout");
    else if (/\/cart\/add/.test(target.getAttribute("action")) || target.matches(".cart")) {
      const chosen = target.querySelector("[name=add-to-cart],[name=id][type=hidden]");
      const id = chosen && chosen.getAttribute("value");
      change("add_to_cart", id && { item_id: id });
    }
  };
  const options = { capture: true, passive: true };
  document.addEventListener("submit", submitted, options);
  return () => document.removeEventListener("submit", submitted, options);
}
