import { ATTRIBUTE, URL_RULE } from "../../core/protocol.js";
import { listen } from "./listen.js";
import { searchTerm } from "./terms.js";

const SEARCH_PAGE = /search|suche|[/-](haku|etsi|s(o|%C3%B6)k|find)/i;
/** What marks a page of results: the shop's attribute, or WordPress's class. */
const MARKED = "[data-polku-search-results],body.search";
/** A single-page shop has this long to draw its results, in ms. */
const DRAW = 1000;

/** What was searched for at an address, or nothing. */
function searched({ pathname, search, hash }) {
  return searchTerm(search || hash.split("?")[1], SEARCH_PAGE.test(pathname + hash) || document.querySelector(MARKED));
}

/** How many results the page says that there are: its own count, WordPress's word for none, or a list that is marked up. */
function results(marked) {
  if (marked) return marked.dataset.polkuSearchResults;
  if (document.querySelector(".search-no-results")) return 0;
  return document.querySelectorAll('[itemtype$="/ItemList"] [itemprop="itemListElement"]').length || undefined;
}

/** The ways to reach a shop, by what a link to them begins with. */
const WAYS = [
  [/^(tel|sms|callto):/, "phone"],
  [/^mailto:/, "mail"],
  [/^(whatsapp:|https:\/\/(wa\.me|(api|web)\.whatsapp\.com|m\.me|t\.me)\/)/, "chat"],
];

/** A page with a form to write to the shop: its address says so, and there is room to write. */
const CONTACT = /contact|kontakt|yhtey|palaute|feedback/i;

/** Service and search, by addresses: site search, links that call, mail or chat, and forms to write to the shop. */
export function watchService({ track, moved, turned, earlier }) {
  const offs = [];
  const tell = (name, data) => track(performance.now(), name, data, URL_RULE);
  let timer, last;

  const look = () => {
    timer = 0;
    const term = searched(location);
    // Another page or another order of the same results is no other search.
    if (term && term !== last) {
      const marked = document.querySelector("[data-polku-search-results]");
      track(performance.now(), "search", { search_term: term, results: results(marked) }, marked ? ATTRIBUTE : URL_RULE);
    }
    last = term;
  };
  moved.push((back) => {
    clearTimeout(timer);
    // Who goes back does not search again.
    if (back) last = searched(location);
    else timer = setTimeout(look, DRAW);
  });
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  if (!earlier || type !== "navigate") last = searched(location);
  else {
    last = document.referrer.startsWith(location.origin) && searched(new URL(document.referrer));
    look();
  }

  listen(offs, document, ["click"], ({ target }) => {
    const link = target.closest && target.closest("a[href],area[href]");
    const way = link && WAYS.find(([begins]) => begins.test(link.href));
    if (way) tell("contact_attempt", { kind: way[1] });
  });
  listen(offs, document, ["submit"], ({ target }) => {
    if (CONTACT.test(location.pathname) && target.querySelector("textarea")) tell("contact_attempt", { kind: "form" });
  });
  turned.push((now, hidden) => hidden && timer && look());

  return () => {
    clearTimeout(timer);
    for (const off of offs) off();
  };
}
