import { action } from "./watch/action.js";
import { watchEngagement } from "./watch/engagement.js";
import { errors } from "./watch/errors.js";
import { fields } from "./watch/fields.js";
import { mutations } from "./watch/mutations.js";
import { watchNavigation } from "./watch/navigation.js";
import { requests } from "./watch/requests.js";
import { seen } from "./watch/seen.js";
import { watchService } from "./watch/service.js";
import { shopFinder } from "./watch/shop-finder.js";
import { vitals } from "./watch/vitals.js";

// The last one tells the others that the address has changed, so that they have to be there.
const WATCHERS = [
  action,
  errors,
  fields,
  mutations,
  requests,
  seen,
  shopFinder,
  vitals,
  watchEngagement,
  watchService,
  watchNavigation,
];

/**
 * What watches the page: one file for each thing that is watched, in watch/. `host` is what the shell lends: `input(kind, number,
 * ...lines)`, `inputAt(at, …)`, `track(at, name, data, source)`, `route(at)` (a view, where the address has another path), `left` (who
 * is called at the end of each view), `viewed` (callbacks, each called with its kind as one begins), `options`, `files`, `root`, `fail`, and `earlier`: what the page holds already counts (else only
 * what happens from now on). It is called once consent to `measure` is known. Decides nothing. Gives back what takes all of it off the page.
 */
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
