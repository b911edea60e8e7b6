import { SEEN } from "../../core/protocol.js";
import { often } from "./often.js";

/** In view for so long is seen, in ms (as walkerOS counts an impression). */
const LONG = 1000;
/** So many different ones of a kind are told of one page: the rest of a list says nothing new. */
const EACH = 3;
/** So many are told of one page in all: the core keeps no more different ones (`TARGETS`), so that nothing is looked for beyond them. */
const ALL = 8;
/** So many elements of a page are looked at: those that are never scrolled to must not keep out the others. */
const LOOKED = 40;

const KINDS = {
  "": "[data-polku-see]",
  price: "[itemprop=price],[data-price],.price",
  stock: "[itemprop=availability],.stock",
  delivery: "[class*=shipping-cost i],[class*=delivery-cost i]",
  error: "[role=alert]",
  promotion: "[data-polku-promotion],[data-promotion-id],[data-promotion-name]",
};

/** Of prices and stock what their attributes say; what is written there is not read. */
function value(kind, element) {
  const attribute = (name) => element.getAttribute(name) || "";
  const says = attribute("content") + attribute("href") + attribute("data-price");
  if (kind === "price") return /^[\d.,]{1,10}$/.test(says) ? says : "";
  if (kind !== "stock") return "";
  const [found] = /out|sold|in-?stock/i.exec(says + attribute("class")) || [""];
  return found && (/^in/i.test(found) ? "in_stock" : "out_of_stock");
}

/** The lens `saw`: what was in view, at least half of it (or half of the window) for a second, in a tab that is looked at. */
export function seen({ input }) {
  let path, known, counts, told;
  const timers = new Map();
  /** Whether it would be told. */
  const isNews = ([kind, text]) => told.size < ALL && !told.has(kind + "\n" + text) && !(kind && counts[kind] >= EACH);
  const tell = (target) => {
    observer.unobserve(target);
    // In a tab that nobody looks at, the observer waits.
    if (document.hidden) return observer.observe(target);
    const what = known.get(target);
    if (isNews(what)) {
      const [kind, text] = what;
      told.add(what.join("\n"));
      counts[kind] = (counts[kind] || 0) + 1;
      input(SEEN, 0, kind || text, kind && text);
    }
    if (told.size >= ALL) clear();
  };
  const observer = new IntersectionObserver((entries) => {
    for (const { target, boundingClientRect: own, intersectionRect: part, rootBounds } of entries) {
      const isHalf = (side) => part[side] && part[side] * 2 >= Math.min(own[side], (rootBounds || own)[side]);
      clearTimeout(timers.get(target));
      if (isHalf("width") && isHalf("height")) timers.set(target, setTimeout(tell, LONG, target));
    }
    // Half of what is larger than the window is a smaller part of it.
  }, { threshold: [0, 0.1, 0.2, 0.3, 0.4, 0.5] });
  const clear = () => {
    observer.disconnect();
    timers.forEach(clearTimeout);
  };
  const off = often(() => {
    if (path !== location.pathname) {
      clear();
      path = location.pathname;
      known = new Map();
      counts = {};
      told = new Set();
    }
    if (told.size >= ALL) return;
    for (const kind in KINDS) {
      for (const element of document.querySelectorAll(KINDS[kind])) {
        // What is said in the head's manner is drawn by what is around it.
        const shown = element.matches("meta,link") ? element.parentElement : element;
        const what = [kind, kind ? value(kind, element) : element.getAttribute("data-polku-see")];
        if (!known.has(shown) && known.size < LOOKED && isNews(what)) {
          known.set(shown, what);
          observer.observe(shown);
        }
      }
    }
  });
  return () => {
    off();
    clear();
  };
}
