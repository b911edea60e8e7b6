import { often } from "../watch/often.js";

/** Tells when half of what a selector chooses comes into view, or leaves it. Selectors are JSON, and the page's own way to say them. */
export function visible(selectors, tell) {
  const known = new WeakMap();
  const seen = new Map(selectors.map((selector) => [selector, new Set()]));
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, intersectionRatio } of entries) {
        for (const selector of known.get(target)) {
          const all = seen.get(selector);
          const before = all.size;
          if (intersectionRatio >= 0.5) all.add(target);
          else all.delete(target);
          if (!before !== !all.size) tell(selector, all.size);
        }
      }
    },
    { threshold: 0.5 },
  );
  const off = often(() => {
    for (const selector of selectors) {
      let found = [];
      try {
        found = document.querySelectorAll(JSON.parse(selector));
      } catch {
        // The check of definitions says so.
      }
      for (const element of found) {
        const of = known.get(element) || new Set();
        of.add(selector);
        known.set(element, of);
        observer.observe(element);
      }
    }
  });
  return () => {
    off();
    observer.disconnect();
  };
}
