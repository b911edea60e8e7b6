/**
 * Calls `see` with each entry of this `type` that the browser has kept or still finds. Browsers that have no such entries, and
 * entries that are not what they should be, are passed over. Gives back what ends it.
 */
export function entries(type, see, options) {
  try {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) see(entry);
    });
    observer.observe({ type, buffered: true, ...options });
    return () => observer.disconnect();
  } catch {
    return () => {};
  }
}
