import { shopFinder } from "./watch/shop-finder.js";

/**
 * What watches the page: one file for each thing that is watched, in watch/. `host` is what the shell lends: `input(kind, number,
 * ...lines)`, `inputAt(at, …)`, `track(at, name, data, source)`, `view(at, path, referrer, how)`, `viewed` (callbacks, each called with `how` after a view), `options`, `files`, `root`, `fail`, and `earlier`: what the page holds already counts (else only
 * what happens from now on). It is called once consent to `measure` is known. Decides nothing. Gives back what takes all of it off the page.
 */
const WATCHERS = [shopFinder];

export function watch(host) {
  const offs = WATCHERS.map((start) => start(host));
  return () => {
    for (const off of offs) if (off) off();
  };
}
