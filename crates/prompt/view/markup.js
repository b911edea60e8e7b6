// What a shop may write into its texts: `**bold**` and `[words](address)`. Everything else is text.
import { h } from "./dom.js";

const BOLD = /\*\*([^*]+)\*\*/;
const LINK = /\[([^\]]+)\]\(((?:https:|mailto:|tel:|\/(?!\/))[^\s)]+)\)/;
/** A word with a hyphen in it stays whole: Finnish writes "Kahvi Kulma -verkkokauppa". */
const WHOLE = /(\S*-\S+)/;

/** Where a link of a text or an action may lead; what leaves the shop's page opens beside it. */
export const way = (href) => ({ href, ...(/^https:/.test(href) && { target: "_blank", rel: "noopener noreferrer" }) });

/** The text as elements and texts. */
export function marked(text = "") {
  const [found, words, href] = LINK.exec(text) || BOLD.exec(text) || [];
  if (found) {
    const at = text.indexOf(found);
    const inner = href ? h("a", way(href), words) : h("b", {}, words);
    return [...marked(text.slice(0, at)), inner, ...marked(text.slice(at + found.length))];
  }
  return text.split(WHOLE).map((part, nth) => (nth % 2 ? h("span", { class: "nb" }, part) : part));
}
