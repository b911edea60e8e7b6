import { watchEngagement } from "./watch/engagement.js";
import { watchNavigation } from "./watch/navigation.js";
import { watchService } from "./watch/service.js";

/**
 * What watches the page: one file for each thing that is watched, in watch/. `host` is what the shell lends: `input(kind, number,
 * ...lines)`, `inputAt(at, …)`, `track(at, name, data, source)`, `route(at)` (a view, where the address has another path), `left` (who
 * is called at the end of each view), `options`, `files`, `root`, `fail`, and `earlier`: what the page holds already counts (else only
 * what happens from now on). It is called once consent to `measure` is known. Decides nothing. Gives back what takes all of it off the page.
 */
const WATCHERS = [watchEngagement, watchService, watchNavigation];

export function watch(host) {
  // Who is called when the address has changed, with whether the shopper went back.
  host.moved = [];
  const offs = WATCHERS.map((start) => {
    try {
      return start(host);
    } catch {
      // What a page has broken is not watched; the rest is.
    }
  });
  return () => {
    for (const off of offs) if (off) off();
  };
}
