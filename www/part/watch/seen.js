import { SEEN } from "../../core/protocol.js";
import { often } from "./often.js";

/** In view for so long is seen, in ms (as walkerOS counts an impression). */
const LONG = 1000;
/** So many of a kind and in all are told of one page: the rest of a list says nothing new. */
const EACH = 3;
const ALL = 20;

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
  let path, known, counts;
  const timers = new Map();
  const tell = (target) => {
    observer.unobserve(target);
    // In a tab that nobody looks at, the observer waits.
    if (document.hidden) return observer.observe(target);
    const [kind, text] = known.get(target);
    counts[kind] = (counts[kind] || 0) + 1;
    if (counts[kind] <= (kind ? EACH : ALL)) input(SEEN, 0, kind || text, kind && text);
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
    }
    for (const kind in KINDS) {
      for (const element of document.querySelectorAll(KINDS[kind])) {
        // What is said in the head's manner is drawn by what is around it.
        const shown = element.matches("meta,link") ? element.parentElement : element;
        if (!known.has(shown) && known.size < 2 * ALL) {
          known.set(shown, [kind, kind ? value(kind, element) : element.getAttribute("data-polku-see")]);
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
