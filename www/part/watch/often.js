import { on } from "./on.js";

/** What looks for things on the page does so at most this often, in ms: nobody misses a button or a price for half a second. */
const PAUSE = 500;

/**
 * Calls `look` in an idle moment: soon, and again after what may have changed what there is to see (clicks, choices, scrolling, files
 * that have loaded). A page that nothing happens on costs nothing. Gives back what ends it.
 */
export function often(look) {
  const idle = window.requestIdleCallback || setTimeout;
  let timer;
  const run = () => {
    timer = 0;
    if (look) look();
  };
  const soon = () => {
    timer ||= setTimeout(idle, PAUSE, run);
  };
  const offs = ["click", "change", "scroll", "load"].map((type) => on(document, type, soon));
  soon();
  return () => {
    look = 0;
    clearTimeout(timer);
    offs.forEach((off) => off());
  };
}
