// What the server tells the scripts: page, language, texts, catalogue.
export const data = JSON.parse(document.getElementById("shop-data").textContent);

/** A text in the page's language with its {places} filled in. */
export function text(key, fill = {}) {
  return (data.text[key] ?? key).replace(/\{(\w+)\}/g, (place, name) => fill[name] ?? place);
}

/** Money as the server writes it (`Lang::money`). */
export function money(cents) {
  const euros = Math.floor(cents / 100);
  const fi = data.lang === "fi";
  const grouped = String(euros).replace(/\B(?=(\d{3})+$)/g, fi ? "\u00a0" : ",");
  const rest = String(cents % 100).padStart(2, "0");
  return fi ? `${grouped},${rest}\u00a0€` : `€${grouped}.${rest}`;
}

/** The assets' folder, taken from this module's own address. */
export const assets = new URL(".", import.meta.url).href;

/** An element with attributes and children; text is never read as HTML. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The product's picture on its background. */
export function picture(product) {
  const image = make("img", { src: `${assets}img/${product.slug}.svg`, alt: "", width: "400", height: "400" });
  return make("span", { class: "tile", "data-tint": product.tint }, image);
}
