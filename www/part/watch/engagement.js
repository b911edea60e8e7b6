import { ENGAGED, SCROLL } from "../../core/protocol.js";
import { listen } from "./listen.js";

/** One sign of life counts for this long, in ms: what Plausible and others take for reading on. */
const ACTIVE = 5000;
/** Told after this much activity at the latest, in ms: a page that crashes then loses no more. */
const TELL = 15000;
/** The page's place is read this long after it began to move, in ms: often enough for a fling, and not for every frame. */
const SETTLE = 250;
/** A move of less is no scrolling, in CSS px: two lines of text. */
const MOVE = 100;

/** How long a page is really looked at, how far, and where it was scrolled to. */
export function watchEngagement({ inputAt, left, turned }) {
  const offs = [];
  let from, until, active, depth, pending, idle;
  let told = 0;

  /** Counts what was active until `now`. Only what was seen is counted. */
  const count = (now) => {
    active += Math.max(0, Math.min(now, until) - from);
    from = now;
  };
  const tell = (now) => {
    count(now);
    if (active >= 100) inputAt(now, ENGAGED, Math.round(active), depth);
    active = 0;
  };
  /** A page comes into sight; looking at it is a sign of life. */
  const begin = (now) => {
    from = now;
    until = document.hidden ? 0 : now + ACTIVE;
  };
  // The layout is read when the browser has nothing else to do, never as the page moves.
  const read = () => {
    pending = 0;
    const { scrollHeight } = document.documentElement;
    depth = Math.max(depth, Math.min(100, Math.round(((scrollY + innerHeight) / scrollHeight) * 100)) || 0);
    if (Math.abs(scrollY - told) >= MOVE) inputAt(performance.now(), SCROLL, (told = Math.max(0, Math.round(scrollY))));
  };
  const look = () => {
    pending ||= setTimeout(() => {
      if (window.requestIdleCallback) idle = requestIdleCallback(read, { timeout: 1000 });
      else read();
    }, SETTLE);
  };
  const start = (now) => {
    active = depth = 0;
    begin(now);
    look();
  };

  listen(offs, window, ["pointerdown", "pointermove", "wheel", "touchmove", "keydown", "scroll"], ({ type, target }) => {
    // What scrolls inside the page may be a carousel that runs by itself.
    if (type === "scroll" && target !== document) return;
    if (type === "scroll") look();
    const now = performance.now();
    count(now);
    if (!document.hidden) until = now + ACTIVE;
    if (active >= TELL) tell(now);
  });
  turned.push((now, hidden) => {
    tell(now);
    begin(now);
    if (hidden) until = 0;
  });
  const end = (now) => {
    tell(now);
    start(now);
  };
  left.push(end);
  start(performance.now());
  return () => {
    left.splice(left.indexOf(end), 1);
    clearTimeout(pending);
    if (idle) cancelIdleCallback(idle);
    for (const off of offs) off();
  };
}
