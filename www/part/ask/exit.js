import { on } from "../watch/on.js";

/** How far back the pointer's way is looked at, in ms. */
const LATELY = 100;

/** Tells when the pointer leaves at the top, and how many px it went up just before. */
export function exit(tell) {
  let way = [];
  const offs = [
    on(document, "pointermove", ({ clientY, timeStamp }) => {
      way = [...way.filter(([, at]) => timeStamp - at < LATELY), [clientY, timeStamp]];
    }),
    on(document.documentElement, "pointerleave", ({ target, clientY, timeStamp, pointerType }) => {
      if (target !== document.documentElement || pointerType === "touch" || clientY > 0) return;
      const [from] = way.find(([, at]) => timeStamp - at < LATELY) || [clientY];
      way = [];
      tell(Math.max(0, Math.round(from - clientY)));
    }),
  ];
  return () => offs.forEach((off) => off());
}
