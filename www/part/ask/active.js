import { listen } from "../watch/listen.js";

/** Signs of life are told this often, in ms. */
const OFTEN = 1000;

/** Tells when the shopper moves, types or scrolls. */
export function active(tell) {
  const offs = [];
  let last = 0;
  listen(offs, document, ["pointermove", "pointerdown", "keydown", "scroll", "input"], () => {
    const now = performance.now();
    if (now - last < OFTEN) return;
    last = now;
    tell();
  });
  return () => offs.forEach((off) => off());
}
