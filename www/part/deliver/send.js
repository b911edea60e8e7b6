import { DELIVERED } from "../../core/protocol.js";
import { erases } from "./sent.js";

/** A request without an answer is given up after this long, in ms. */
const TIMEOUT = 15000;
/** What leaves with a page, at most, in bytes: browsers allow 64 KiB for everything that a page sends so. */
const ROOM = 60000;

/** The number of seconds in a `Retry-After`, which may be a date. */
const seconds = (after) => after && (isNaN(after) ? Math.max(0, Math.ceil((Date.parse(after) - Date.now()) / 1000)) : after);

/**
 * `send(number, body)` POSTs a batch to the collector in `lanes` that bits 27 to 30 of `number` name, with 2³¹ as the page leaves; the
 * input `DELIVERED` follows. A lane has a `url`; another format than ours has `request(body)`, which gives what to POST and maybe `read(status, text, headers)`; both
 * translate (www/part/collectors.js).
 * `extra` is empty until there is what a measured page adds: www/part/watch/sending.js. `sent` is the log of it.
 */
export function sender(lanes, input, extra, sent) {
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
      let entry;
      // What erases is told once, by this page alone: nothing gives it up, and without a network it waits for one as long as the page is there.
      const last = keepalive && erases(body);
      if (!last) flights.add(flight);
      const land = (...lines) => {
        clearTimeout(timer);
        leaving -= size;
        if (flights.delete(flight)) input(DELIVERED, number & 0x7ffffff, ...lines);
        if (entry) sent.end(entry, lines[0]);
      };
      // In a function of its own: a page may have put its own `fetch` there, and that may throw.
      (async () => {
        if (last && !navigator.onLine) {
          clearTimeout(timer);
          await new Promise((go) => addEventListener("online", go, { once: true }));
        }
        // A text goes out as text/plain, which needs no preflight.
        const { url, push, opaque, read = lane.read, ...request } = lane.request ? lane.request(body) : { url: lane.url, body };
        // Where a format has no place for any of it nothing leaves.
        if (request.body !== undefined) entry = sent.begin(url, request.body, body);
        if (entry && extra.left) extra.left(entry);
        if (push) return land(push());
        const how = { method: "POST", ...request, credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", signal };
        if (opaque) how.mode = "no-cors";
        if (keepalive) {
          size = how.body.length;
          leaving += size;
          if (leaving > ROOM) {
            if (extra.late) extra.late(url, how);
            return land(0);
          }
          how.keepalive = true;
        } else {
          // A text that stays as it is leaves at once.
          const packed = extra.pack && extra.pack(lane, how);
          if (packed) await packed;
        }
        const response = await fetch(url, how).catch((error) => {
          if (keepalive && extra.failed) extra.failed(lane, url, how);
          throw error;
        });
        // The body is always read: Chromium frees the page's keepalive quota only then.
        const text = await response.text();
        const { headers } = response;
        lane.accepts = headers.get("accept-encoding");
        const [status, told] = response.type === "opaque" ? [200, ""] : read ? read(response.status, text, headers) : [response.status, text];
        land(status, seconds(headers.get("retry-after")), told);
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
