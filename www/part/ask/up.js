import { on } from "../watch/on.js";

/** Within this time, in ms, and no further than this from the top, in px. */
const WITHIN = 300;
const NEAR = 600;

/** Tells when the page was scrolled up fast and is near its top: on touch there is no pointer that leaves. */
export function up(tell) {
  let way = [];
  let frame;
  const look = () => {
    frame = 0;
    const now = performance.now();
    way = [...way.filter(([, at]) => now - at < WITHIN), [scrollY, now]];
    const px = Math.max(...way.map(([y]) => y)) - scrollY;
    if (px > 0 && scrollY < NEAR) tell(Math.round(px));
  };
  const off = on(document, "scroll", () => {
    frame ||= requestAnimationFrame(look);
  });
  return () => {
    off();
    cancelAnimationFrame(frame);
  };
}
