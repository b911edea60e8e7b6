import { NAMED, ROUTE } from "../../core/protocol.js";

/** A view that is named so soon after the one before, in ms, is that one (`ECHO` in the core): what it holds was told already. */
const ECHO = 5000;

/** Tells of each view, by how it came to be, whether the page that holds it has drawn something new for it in the same document. */
export function views() {
  let since = performance.now();
  return (how) => {
    const now = performance.now();
    if (how === NAMED && now - since < ECHO) return false;
    since = now;
    return how === ROUTE || how === NAMED;
  };
}
