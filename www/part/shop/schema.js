import { amount, first, searched, text } from "./value.js";

/** Beyond this a block is no product's, in UTF-16 units; parsing it would be felt. */
const LONGEST = 100_000;
/** Blocks, and parts of them, that are looked at. */
const BLOCKS = 20;
const NODES = 500;
/** Products of a list. */
const LISTED = 50;

const list = (value) => (value === undefined || value === null ? [] : [].concat(value)).slice(0, LISTED);
const types = (node) => list(node["@type"]).join(" ").replace(/https?:\/\/schema\.org\/|schema:/g, "");
const is = (node, type) => types(node).split(" ").includes(type);
const isProduct = (node) => /\bProduct(Group|Model)?\b/.test(types(node));

/** Price and currency of an offer, however deep it lies. */
function offer(value, depth = 0) {
  const one = first(value);
  if (!one || depth > 3) return {};
  const { price = one.lowPrice, priceCurrency } = one;
  if (price !== undefined) return { price: amount(first(price)), currency: text(priceCurrency) };
  const inner = offer(one.priceSpecification || one.offers, depth + 1);
  return { ...inner, currency: inner.currency || text(priceCurrency) };
}

/** A product as GA4 writes it, and its currency. */
function product(node) {
  const { price, currency } = offer(node.offers || (first(node.hasVariant) || {}).offers);
  const item = {
    item_id: text(node.sku || node.productGroupID || node.productID || node.mpn || node.gtin13 || node.gtin),
    item_name: text(node.name),
    item_brand: text((first(node.brand) || {}).name || node.brand),
    item_variant: text(node.color || node.size),
    price,
  };
  list(typeof node.category === "string" ? node.category.split(/[>/]/) : [])
    .slice(0, 5)
    .forEach((name, at) => (item["item_category" + (at ? at + 1 : "")] = name.trim()));
  return [item, currency];
}

/** An element of microdata as JSON-LD would have it. Fields are never read. */
function microdata(element, depth = 0) {
  const node = { "@type": element.getAttribute("itemtype") };
  for (const place of [...element.querySelectorAll("[itemprop]")].slice(0, NODES)) {
    if (place.parentElement.closest("[itemscope]") !== element || place.matches("input,textarea,select")) continue;
    const name = place.getAttribute("itemprop");
    const value = place.hasAttribute("itemscope")
      ? depth < 4 && microdata(place, depth + 1)
      : place.getAttribute("content") || place.getAttribute("value") || place.textContent.trim().slice(0, 200);
    node[name] = node[name] === undefined ? value : [].concat(node[name], value);
  }
  return node;
}

/** An order that was placed now, as `purchase`; nothing of an old one, or of one that cannot be told from others. */
function order(node) {
  const number = text(node.orderNumber || node.confirmationNumber);
  const placed = Date.parse(first(node.orderDate));
  if (!number || /Deliver|Return|Cancel|Transit|Pickup|Problem/.test(text(node.orderStatus)) || Date.now() - placed > 864e5) return;
  const total = first(node.totalPaymentDue || (first(node.partOfInvoice) || {}).totalPaymentDue) || {};
  const offers = list(node.acceptedOffer);
  const sold = offers.map((one) => [{ ...product(first(one.itemOffered) || {})[0], price: amount(first(one.price)), quantity: amount((first(one.eligibleQuantity) || {}).value) }, text(one.priceCurrency)]);
  for (const one of list(node.orderedItem)) {
    const bought = first(one.orderedItem) || one;
    sold.push([{ ...product(bought)[0], quantity: amount(one.orderQuantity) }, product(bought)[1]]);
  }
  return {
    transaction_id: number,
    value: amount(first(node.price ?? total.price ?? total.value)),
    currency: text(node.priceCurrency || total.priceCurrency || total.currency) || (sold[0] || [])[1],
    items: sold.map(([item]) => item),
  };
}

/**
 * schema.org data of the page, as JSON-LD and as microdata: `see(name, data)` for each touchpoint that it tells of. Blocks whose
 * text is among `stale` are left out. Gives back the texts of all blocks.
 */
export function structured(stale, see) {
  const texts = new Set();
  const nodes = [];
  for (const script of [...document.querySelectorAll('script[type="application/ld+json"]')].slice(0, BLOCKS)) {
    const raw = script.textContent;
    texts.add(raw);
    if (raw.length > LONGEST || stale.has(raw)) continue;
    try {
      nodes.push(JSON.parse(raw));
    } catch {
      // Half a block is none; others may be whole.
    }
  }
  for (const element of [...document.querySelectorAll('[itemscope][itemtype*="schema.org"]:not([itemprop])')].slice(0, LISTED)) {
    const node = microdata(element);
    const raw = JSON.stringify(node);
    texts.add(raw);
    if (!stale.has(raw)) nodes.push(node);
  }

  const products = [];
  let shelf, crumbs, search;
  // The array grows while it is walked.
  for (let at = 0; at < nodes.length && at < NODES; at++) {
    const node = nodes[at];
    if (Array.isArray(node)) nodes.push(...node.slice(0, NODES));
    if (!node || typeof node !== "object") continue;
    nodes.push(...list(node["@graph"]), ...list(node.mainEntity));
    if (isProduct(node)) products.push(node);
    else if (is(node, "ItemList") || is(node, "OfferCatalog")) shelf ||= node;
    else if (is(node, "BreadcrumbList")) crumbs ||= node;
    else if (is(node, "SearchResultsPage")) search ||= node;
    else if (is(node, "Order") && order(node)) see("purchase", order(node));
  }

  if (search) {
    const found = first(search.mainEntity) || {};
    see("search", { search_term: searched(), results: amount(found.numberOfItems) });
  }
  if (products.length === 1) {
    const [item, currency] = product(products[0]);
    // The first crumb is the shop itself, the last is the product.
    const path = list((crumbs || {}).itemListElement)
      .sort((a, b) => a.position - b.position)
      .map(({ name, item: { name: inner } = {} }) => text(name || inner))
      .slice(1, -1);
    path.slice(0, 5).forEach((name, at) => (item["item_category" + (at ? at + 1 : "")] = name));
    return see("view_item", { currency, value: item.price, items: [item] }), texts;
  }
  // A list's elements name their products, or at least what they link to; lists of articles and answers say that they are.
  const listed = products.length ? products : list((shelf || {}).itemListElement).map((one) => (one && one.item && typeof one.item === "object" ? one.item : one));
  if (listed.length && listed.every((one) => one && typeof one === "object" && (isProduct(one) || is(one, "ListItem")))) {
    const sold = listed.slice(0, LISTED).map(product);
    see("view_item_list", {
      currency: sold[0][1],
      item_list_name: text((shelf || {}).name),
      items: sold.map(([item], at) => ({ ...item, index: at })),
    });
  }
  return texts;
}
