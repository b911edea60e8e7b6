/**
 * GA4's data layer, in both of its spellings: `push({event, ecommerce})` and `gtag('event', name, parameters)`. `see` gets what
 * was pushed before (with the time 0: when is not known) and what comes. The shop's own `push` runs first and as ever.
 */
export function watchDataLayer(see) {
  let layer, push, ours;
  const read = (entry, at) => {
    try {
      if (typeof entry.event === "string") see(entry.event, entry.ecommerce || entry, at);
      else if (entry[0] === "event") see(entry[1], entry[2], at);
    } catch {
      // whatever a page keeps in there, it is none of our errors
    }
  };
  const watch = () => {
    if (layer || !Array.isArray(window.dataLayer)) return;
    layer = window.dataLayer;
    push = layer.push;
    for (const entry of [...layer]) read(entry, 0);
    ours = layer.push = function (...entries) {
      const result = push.apply(this, entries);
      for (const entry of entries) read(entry, performance.now());
      return result;
    };
  };
  watch();
  // A page may make its data layer later than its tag.
  addEventListener("load", watch);
  return () => {
    removeEventListener("load", watch);
    if (layer && layer.push === ours) layer.push = push;
  };
}
