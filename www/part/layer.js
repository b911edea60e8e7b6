/** How our names look: a tag manager pushes much else (`gtm.js`, `virtualPageView`), which need not be written as JSON. */
const OURS = /^[a-z_]{5,20}$/;

/** Entries that are looked through at a time: tag managers keep 300. */
const MOST = 500;

/** Of every `WINDOW` ms this many are ours at most: a burst of pushes must not become a long task, on a slow phone neither. */
const SHARE = 8;
const WINDOW = 50;

/**
 * GA4's data layer, in both of its spellings: `push({event, ecommerce})` and `gtag('event', name, parameters)`. `see` gets what
 * was pushed before (with the time 0: when is not known) and what comes. The shop's own `push` runs first and as ever.
 *
 * Gives back what looks for a layer that was made or replaced, and for entries that came past us
 * (somebody set a `push` of their own that does not call ours): cheap, to be called now and then; with `all` nothing waits after it;
 * then what takes ours off the page, and what resolves when nothing waits.
 */
export function watchDataLayer(see) {
  const seen = new WeakSet();
  let layer;
  let unhook = () => {};
  const waiting = [];
  let spent = 0;
  let timer;
  const drain = (all) => {
    const start = performance.now();
    while (waiting.length && (all || spent + performance.now() - start < SHARE)) {
      try {
        see(...waiting.shift());
      } catch {
        // whatever a page keeps in there, it is none of our errors
      }
    }
    spent += performance.now() - start;
    timer ||= setTimeout(() => {
      timer = spent = 0;
      if (waiting.length) drain();
    }, WINDOW);
  };
  const read = (entry, at) => {
    try {
      seen.add(entry);
      const [name, data] = entry.event ? [entry.event, entry.ecommerce || entry] : entry[0] === "event" ? [entry[1], entry[2]] : [];
      if (OURS.test(name)) {
        waiting.push([name, data, at]);
        drain();
      }
    } catch {
      // the same
    }
  };
  const look = (all) => {
    try {
      const found = window.dataLayer;
      const fresh = [];
      for (let at = found.length; at-- > 0 && fresh.length < MOST && !seen.has(found[at]); ) fresh.push(found[at]);
      while (fresh.length) read(fresh.pop(), 0);
      if (found !== layer) {
        unhook();
        layer = found;
        const { push } = found;
        // A frozen one lets nobody in, and gets nothing more. (The assignment gives the function its name, by which traces know it.)
        const ours = (found.push = function (...entries) {
          const result = push.apply(this, entries);
          for (const entry of entries) read(entry, performance.now());
          return result;
        });
        unhook = () => {
          if (found.push === ours) found.push = push;
        };
      }
    } catch {
      // There is none, or none that can be read.
    }
    if (all) drain(all);
  };
  look();
  return [
    look,
    () => {
      unhook();
      drain(true);
      clearTimeout(timer);
    },
    async () => {
      // Where nobody looks nobody waits, and timers are slow.
      while (waiting.length && !document.hidden) await new Promise((go) => setTimeout(go));
      drain(true);
    },
  ];
}
