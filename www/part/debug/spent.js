// What Polku costs this page: the time of its engine, what browsers say of its scripts in long frames, and the bytes of its files.

/** A frame of this length is long, in ms: browsers tell of no shorter ones. */
const LONG = 50;

/** Begins to count. */
export function spent() {
  let engine = 0;
  let longest = 0;
  let calls = 0;
  let inside = 0;
  const scripts = { frames: 0, ms: 0, longest: 0 };
  const folder = new URL(".", import.meta.url).href;
  try {
    new PerformanceObserver((list) => {
      for (const frame of list.getEntries()) {
        const ours = (frame.scripts || []).filter(({ sourceURL }) => sourceURL.startsWith(folder) && !sourceURL.startsWith(import.meta.url));
        const ms = ours.reduce((sum, { duration }) => sum + duration, 0);
        if (!ms) continue;
        scripts.frames++;
        scripts.ms += ms;
        scripts.longest = Math.max(scripts.longest, ms);
      }
    }).observe({ type: "long-animation-frame", buffered: true });
  } catch {
    // Not every browser tells of them.
  }
  return {
    LONG,
    /** The engine is called; gives back what ends it. Calls within calls are counted once. */
    begin() {
      const began = performance.now();
      inside++;
      return () => {
        if (--inside) return;
        const ms = performance.now() - began;
        engine += ms;
        longest = Math.max(longest, ms);
        calls++;
      };
    },
    now() {
      const files = performance
        .getEntriesByType("resource")
        .filter(({ name }) => name.startsWith(folder))
        .map(({ name, transferSize, encodedBodySize, decodedBodySize, duration, startTime }) => ({
          name: name.slice(folder.length).replace(/\?.*/, ""),
          transferred: transferSize,
          packed: encodedBodySize,
          size: decodedBodySize,
          at: Math.round(startTime),
          ms: Math.round(duration),
        }));
      const round = (ms) => Math.round(ms * 10) / 10;
      return { engine: round(engine), longest: round(longest), calls, scripts: { ...scripts, ms: round(scripts.ms), longest: round(scripts.longest) }, files };
    },
  };
}
