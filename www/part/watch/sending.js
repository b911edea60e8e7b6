/** Less than this is not compressed, in bytes: it fits into one packet as it is. */
const LITTLE = 1400;

/**
 * What sending gains on a page that is measured: fewer bytes, and two more nets for what leaves with the page. Plain sending has to be there
 * from the start, this need not.
 */
export function sending({ extra }) {
  Object.assign(extra, {
    /** Compresses a batch, where the collector or the shop has said that it can read that. */
    pack(lane, how) {
      // RFC 7694: what a server can read, said with its answer.
      const { gzip = /gzip/.test(lane.accepts) } = lane;
      if (!gzip || !self.CompressionStream || how.body.length <= LITTLE) return;
      how.headers = { "content-type": "text/plain", ...how.headers, "content-encoding": "gzip" };
      // Neither a pipe nor a blob: each would take the main thread as long as the rest of this.
      const { readable, writable } = new CompressionStream("gzip");
      const writer = writable.getWriter();
      writer.write(new TextEncoder().encode(how.body));
      writer.close();
      return new Response(readable).arrayBuffer().then((body) => (how.body = body));
    },
    /** Beyond what may leave with a page: the last net, with room of its own; nobody hears of the answer. */
    late: (url, how) => self.fetchLater && fetchLater(url, { ...how, activateAfter: 0 }),
    /** Where a page has used up what may leave with it: cookies and all, if the shop says that its collector may have them. */
    failed: (lane, url, how) => lane.beacon && navigator.sendBeacon(url, how.body),
  });
}
