import { searchTerm } from "../watch/terms.js";

/** The first of several, or the only one. */
export const first = (value) => (Array.isArray(value) ? value[0] : value);

/** An amount as a number, from the text of a page: `1 299,00 €`, `1.299,00`, `1,299.00`, `47.9`. Nothing where there is none. */
export function amount(value) {
  if (typeof value === "number") return value;
  const [, minus, whole, decimals = ""] = /^(-?)(\d[\d.,]*?)(?:[.,](\d{1,2}|\d{4,}))?$/.exec(String(value ?? "").replace(/[^\d.,-]|[.,](?!\d)/g, "")) || [];
  if (!whole) return;
  // Three decimals are thousands, but in `0.994`.
  return Number(/^0[.,]/.test(whole) ? whole.replace(",", ".") : `${minus}${whole.replace(/[.,]/g, "")}.${decimals}`);
}

/** A short text, or a number as text; nothing of anything else. */
export const text = (value) => {
  value = first(value);
  return typeof value === "string" || typeof value === "number" ? String(value).slice(0, 100) : undefined;
};

/** The words of a search whose results this page is. */
export const searched = () => searchTerm(location.search, true);
