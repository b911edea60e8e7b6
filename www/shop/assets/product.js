// The product page.
import { add } from "./cart.js";
import { data, make, text } from "./data.js";
import { basket, commerce, gtag } from "./layer.js";
import { stepper } from "./stepper.js";
import { toast } from "./toast.js";

export function productPage() {
  const sku = data.product;
  const product = data.products[sku];
  commerce("view_item", basket([{ sku, quantity: 1 }]));

  const form = document.querySelector("[data-buy]");
  const quantity = form.querySelector("[data-quantity]");
  if (quantity) stepper(form.querySelector(".stepper"));

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!quantity || product.stock === "out") return;
    add(sku, Number(quantity.value));
    toast(text("added", { name: product.name }), { href: `${data.root}/cart`, label: text("view_cart") });
    quantity.value = "1";
  });

  form.querySelector("[data-share]").addEventListener("click", () => share(sku, product.name));
}

async function share(sku, title) {
  const url = location.href.split(/[?#]/)[0];
  const method = navigator.share ? "native" : "copy_link";
  try {
    if (navigator.share) await navigator.share({ title, url });
    else await copy(url);
  } catch (error) {
    // Closing the share sheet is not a fault, and not a share either.
    if (error.name !== "AbortError") toast(text("link_failed"));
    return;
  }
  if (method === "copy_link") toast(text("link_copied"));
  gtag("event", "share", { method, content_type: "product", item_id: sku });
}

/** Copies a text, the old way where the browser does not let the page use the clipboard. */
async function copy(url) {
  try {
    await navigator.clipboard.writeText(url);
  } catch {
    const place = make("input", { value: url, readonly: "", "aria-hidden": "true", class: "visually-hidden", tabindex: "-1" });
    const focused = document.activeElement;
    document.body.append(place);
    place.select();
    const copied = document.execCommand("copy");
    place.remove();
    focused?.focus();
    if (!copied) throw new Error("the clipboard is closed");
  }
}
