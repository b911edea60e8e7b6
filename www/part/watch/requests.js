import { REQUEST } from "../../core/protocol.js";
import { entries } from "./entries.js";
import { place } from "./place.js";

/** How long a request may take in the number that tells it, in ms: 20 bits. */
const LONGEST = (1 << 20) - 1;

/**
 * Requests that the page's scripts made: path, status and duration, from the browser's own timing, so that neither `fetch` nor
 * `XMLHttpRequest` is touched. Ours are passed over.
 */
export function requests({ input, root, options }) {
  const ours = [root, new URL(options.collector, location.href).href];
  return entries("resource", ({ initiatorType, name, responseStatus = 200, duration, startTime, responseEnd, transferSize }) => {
    if (!/^(fetch|xmlhttprequest)$/.test(initiatorType) || ours.some((own) => name.startsWith(own))) return;
    const own = name.startsWith(location.origin + "/");
    // Of other hosts that do not let their times be seen, no status is no news.
    if (!responseStatus && (!own || transferSize)) return;
    input(REQUEST, (responseStatus << 20) | Math.min(duration || responseEnd - startTime, LONGEST), place(name));
  });
}
