import { ELEMENT, VITAL } from "../../core/protocol.js";
import { entries } from "./entries.js";
import { on } from "./on.js";
import { lines, place } from "./place.js";

/** A session window of layout shifts: no gap of a second, no longer than five (the definition of CLS), in ms. */
const GAP = 1000;
const WINDOW = 5000;
/** Of so many interactions one may be an outlier (the definition of INP). */
const OUTLIER = 50;
/** Interactions shorter than this are no news; browsers round to 8 ms, and 40 is what web-vitals observes from, in ms. */
const SHORT = 40;
/** Only files are named: a script that stands in a page has the page's own address, which names no script and may name somebody. */
const FILE = /\.([cm]?js|ts)$/;
/** Values beyond this come from sleeping laptops, in ms (15 minutes, as PostHog does). */
const ABSURD = 900000;

/**
 * The web vitals of this page, of each soft navigation where the browser tells of them, and of each return from the back/forward
 * cache; each with the element or script that a shop can act on. FCP and TTFB are told when known, the others as the page is hidden.
 */
export function vitals({ input, turned }) {
  const { activationStart = 0, responseStart = 0 } = performance.getEntriesByType("navigation")[0] || {};
  let from = activationStart; // when this view began
  let hidden = document.hidden ? 0 : Infinity;
  let told, lcp, cls, window5, inp, slowest, frame, count;

  const fresh = () => {
    told = {};
    lcp = frame = 0;
    cls = { value: 0 };
    window5 = { value: 0, first: 0, last: 0 };
    slowest = [];
    count = performance.interactionCount || 0;
  };
  fresh();

  const tell = (name, value, found) => {
    if (value === undefined || value < 0 || value > ABSURD || told[name] === value) return;
    told[name] = value;
    // A script is told by its place, everything else as an element.
    if (typeof found === "string") input(VITAL, value, name, found);
    else input(ELEMENT + VITAL, value, name, ...lines(found));
  };
  const report = () => {
    if (lcp) tell("LCP", lcp.value, lcp.element);
    tell("CLS", Math.round(cls.value * 10000), cls.element);
    const at = Math.floor(((performance.interactionCount || slowest.length) - count) / OUTLIER);
    inp = slowest[Math.min(slowest.length - 1, at)];
    if (inp) tell("INP", inp.value, inp.element);
    if (frame) tell("LoAF", frame.value, frame.script);
  };
  /** A new view in the same document. */
  const anew = (at) => {
    report();
    fresh();
    from = at;
    hidden = document.hidden ? at : Infinity;
  };
  const largest = ({ startTime, element }) => {
    if (startTime < hidden && startTime >= from) lcp = { value: Math.round(startTime - from), element };
  };
  if (responseStart > 0) tell("TTFB", Math.round(Math.max(responseStart - from, 0)));

  turned.push((now, away) => {
    if (!away) return;
    hidden = Math.min(hidden, now);
    report();
  });
  const offs = [
    entries("paint", ({ name, startTime }) => {
      if (name === "first-contentful-paint" && startTime < hidden) tell("FCP", Math.round(Math.max(startTime - activationStart, 0)));
    }),
    entries("largest-contentful-paint", largest),
    // What was painted after an interaction counts where that interaction was a soft navigation.
    entries("interaction-contentful-paint", largest),
    entries("soft-navigation", ({ startTime, paintTime }) => {
      anew(startTime);
      if (paintTime) tell("FCP", Math.round(paintTime - startTime));
    }),
    entries("layout-shift", ({ startTime, value, hadRecentInput, sources = [] }) => {
      if (hadRecentInput || startTime < from) return;
      const goes = startTime - window5.last < GAP && startTime - window5.first < WINDOW;
      if (!goes) window5 = { value: 0, first: startTime, worst: 0 };
      window5.last = startTime;
      window5.value += value;
      if (value > window5.worst) {
        window5.worst = value;
        window5.element = (sources.find(({ node }) => node && node.localName) || {}).node;
      }
      if (window5.value > cls.value) cls = { value: window5.value, element: window5.element };
    }),
    entries("event", ({ interactionId, duration, target, startTime }) => {
      if (!interactionId || startTime < from) return;
      const known = slowest.find(({ id }) => id === interactionId);
      if (known) known.value = Math.max(known.value, duration);
      else slowest.push({ id: interactionId, value: duration, element: target });
      slowest = slowest.sort((a, b) => b.value - a.value).slice(0, 10);
    }, { durationThreshold: SHORT }),
    entries("long-animation-frame", ({ startTime, blockingDuration, scripts = [] }) => {
      if (startTime < from || blockingDuration <= ((frame && frame.value) || 0)) return;
      const [longest] = [...scripts].sort((a, b) => b.duration - a.duration);
      const file = longest ? place(longest.sourceURL) : "";
      frame = { value: Math.round(blockingDuration), script: FILE.test(file) ? file : "" };
    }),
    on(window, "pageshow", ({ persisted, timeStamp }) => {
      if (!persisted) return;
      anew(timeStamp);
      // Painted twice: then the page that was kept is on the screen.
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const shown = Math.round(performance.now() - timeStamp);
        tell("FCP", shown);
        lcp = { value: shown };
      }));
    }),
  ];
  return () => offs.forEach((off) => off());
}
