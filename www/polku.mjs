// `import { init } from "polku"`: the loader as a module, which carries it. In a browser `polku` is the same object as `window.polku`; where there is no window
// (server rendering) every call does nothing. No top-level await and no `import.meta`: what bundles this may know neither.
const server = typeof window === "undefined";
// Included twice, the first one stays: that of a script tag knows where its files are.
const ours = !server && !window.polku?.version;
if (!server) require("./polku.js");

/** Where `polku-copy` puts the files that the loader fetches, when nobody says where they are. */
const BASE = "/polku/";

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

export const polku = server ? absent : window.polku;
if (ours) {
  const { init: start } = polku;
  polku.init = (options) => start({ base: BASE, ...options });
}
export const init = (options) => polku.init(options);
export default polku;
