/** A request without an answer is given up after this long, in ms. */
const TIMEOUT = 15000;

/** `send(batch, body, leaving)` POSTs to `collector`; `delivered(batch, status, text, retryAfter)` follows, with 0 for no answer. */
export function sender(collector, delivered) {
  let flights = new Set();
  return {
    send(batch, body, leaving) {
      const flight = new AbortController();
      const timer = setTimeout(() => flight.abort(), TIMEOUT);
      flights.add(flight);
      const land = (status, text, after) => {
        clearTimeout(timer);
        if (flights.delete(flight)) delivered(batch, status, text, after);
      };
      // In a function of its own: a page may have put its own `fetch` there, and that may throw.
      (async () => {
        const response = await fetch(collector, {
          method: "POST",
          body, // a text goes out as text/plain, which needs no preflight
          keepalive: leaving,
          credentials: "omit",
          referrerPolicy: "no-referrer",
          cache: "no-store",
          signal: flight.signal,
        });
        // The body is always read: Chromium frees the page's keepalive quota only then.
        land(response.status, await response.text(), Number(response.headers.get("retry-after")) || undefined);
      })().catch(() => land(0, ""));
    },
    /** Gives up everything that is under way; nothing is reported. */
    abort() {
      const given = flights;
      flights = new Set();
      for (const flight of given) flight.abort();
    },
  };
}
