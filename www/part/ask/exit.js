import { on } from "../watch/on.js";

/** How far back the pointer's way is looked at, in ms. */
const LATELY = 100;

/** Tells when the pointer leaves at the top, and how many px it went up just before. */
export function exit(tell) {
  let way = [];
  const off = on(document, "pointermove", ({ clientY, timeStamp }) => {
    way = [...way.filter(([, at]) => timeStamp - at < LATELY), [clientY, timeStamp]];
  });
  const root = document.documentElement;
  // At the root itself, and not captured: there it would hear of each element that is left.
  const leave = ({ clientY, timeStamp, pointerType }) => {
    if (pointerType === "touch" || clientY > 0) return;
    const [from] = way.find(([, at]) => timeStamp - at < LATELY) || [clientY];
    way = [];
    tell(Math.max(0, Math.round(from - clientY)));
  };
  root.addEventListener("pointerleave", leave, { passive: true });
  return () => {
    off();
    root.removeEventListener("pointerleave", leave);
  };
}
