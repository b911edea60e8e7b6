import { DELIVERED } from "./protocol.js";

/** A request without an answer is given up after this long, in ms. */
const TIMEOUT = 15000;

/** `send(batch, body)` POSTs to `collector`, with 2³¹ in `batch` as the page leaves; the input `DELIVERED` follows. */
export function sender(collector, input) {
  let flights = new Set();
  return {
    send(number, body) {
      const flight = new AbortController();
      const timer = setTimeout(() => flight.abort(), TIMEOUT);
      flights.add(flight);
      const land = (...lines) => {
        clearTimeout(timer);
        if (flights.delete(flight)) input(DELIVERED, number & 0x7ffffff, ...lines);
      };
      // In a function of its own: a page may have put its own `fetch` there, and that may throw.
      (async () => {
        const response = await fetch(collector, {
          method: "POST",
          body, // a text goes out as text/plain, which needs no preflight
          keepalive: number >>> 31 > 0,
          credentials: "omit",
          referrerPolicy: "no-referrer",
          cache: "no-store",
          signal: flight.signal,
        });
        // The body is always read: Chromium frees the page's keepalive quota only then.
        land(response.status, response.headers.get("retry-after"), await response.text());
      })().catch(() => land(0));
    },
    /** Gives up everything that is under way; nothing is reported. */
    abort() {
      const given = flights;
      flights = new Set();
      for (const flight of given) flight.abort();
    },
  };
}
