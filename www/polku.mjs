// `import { init } from "polku"`: the loader as a module. In a browser it is the same object as `window.polku`; where there is
// no window (server rendering) every call does nothing.
if (typeof window !== "undefined") await import("./polku.js");

const nothing = () => {};
const gone = async () => {};
const absent = Object.assign(() => {}, {
  version: "",
  init: nothing,
  track: nothing,
  page: nothing,
  error: nothing,
  on: () => nothing,
  consent: nothing,
  withdraw: nothing,
  variant: nothing,
  journey: () => null,
  prompt: { open: nothing, close: nothing },
  privacy: { draw: gone, open: gone, export: gone, erase: gone },
  flush: () => Promise.resolve({ sent: 0, queued: 0 }),
  destroy: nothing,
});

export const polku = typeof window === "undefined" ? absent : window.polku;
const here = new URL(".", import.meta.url).href;
export const init = (options) => polku.init({ base: here, ...options });
export default polku;
