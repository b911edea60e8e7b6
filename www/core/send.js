import { DELIVERED } from "./protocol.js";

/** A request without an answer is given up after this long, in ms. */
const TIMEOUT = 15000;
/** What leaves with a page, at most, in bytes: browsers allow 64 KiB for everything that a page sends so. */
const ROOM = 60000;
/** Less than this is not compressed, in bytes: it fits into one packet as it is. */
const LITTLE = 1400;

/** The number of seconds in a `Retry-After`, which may be a date. */
const seconds = (after) => after && (isNaN(after) ? Math.max(0, Math.ceil((Date.parse(after) - Date.now()) / 1000)) : after);

const gzip = (text) => new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).blob();

/**
 * `send(number, body)` POSTs a batch to the collector in `lanes` that bits 27 to 30 of `number` name, with 2³¹ as the page leaves; the
 * input `DELIVERED` follows. A lane has a `url`; another format than ours has `request(body)` and `read(status, text, headers)` as well, which
 * translate (www/part/collectors.js).
 */
export function sender(lanes, input) {
  let flights = new Set();
  let leaving = 0;
  return {
    send(number, body) {
      const lane = lanes[(number >>> 27) & 15];
      const keepalive = number >>> 31 > 0;
      const flight = new AbortController();
      const { signal } = flight;
      const timer = setTimeout(() => flight.abort(), TIMEOUT);
      let size = 0;
      flights.add(flight);
      const land = (...lines) => {
        clearTimeout(timer);
        leaving -= size;
        if (flights.delete(flight)) input(DELIVERED, number & 0x7ffffff, ...lines);
      };
      // In a function of its own: a page may have put its own `fetch` there, and that may throw.
      (async () => {
        // A text goes out as text/plain, which needs no preflight.
        const { url, push, opaque, ...request } = lane.request ? lane.request(body) : { url: lane.url, body };
        if (push) return land(push());
        const how = { method: "POST", ...request, credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", signal };
        if (opaque) how.mode = "no-cors";
        if (keepalive) {
          size = how.body.length;
          leaving += size;
          // The last net, with room of its own; nobody hears of the answer.
          if (leaving > ROOM) return land(0, self.fetchLater && fetchLater(url, { ...how, activateAfter: 0 }) && "");
          how.keepalive = true;
        } else if (lane.gzip && how.body.length > LITTLE) {
          how.body = await gzip(how.body);
          how.headers = { ...how.headers, "content-type": "text/plain", "content-encoding": "gzip" };
        }
        const response = await fetch(url, how).catch((error) => {
          // Where a page has used up what may leave with it, cookies and all, if the shop says that its collector may have them.
          if (keepalive && lane.beacon) navigator.sendBeacon(url, how.body);
          throw error;
        });
        // The body is always read: Chromium frees the page's keepalive quota only then.
        const text = await response.text();
        const { headers } = response;
        // RFC 7694: what a server can read, said with its answer.
        lane.gzip = /gzip/.test(headers.get("accept-encoding")) && self.CompressionStream;
        const read = response.type === "opaque" ? [200, ""] : lane.read ? lane.read(response.status, text, headers) : [response.status, text];
        land(read[0], seconds(headers.get("retry-after")), read[1]);
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
