// The chat endpoint of docs/chat-protocol.md, in the page itself: what a test wants it to say, at the moment at which it wants it.
{
  const real = window.fetch;
  const json = (value, status = 200) => new Response(JSON.stringify(value), { status });
  const double = (window.double = {
    state: { polku_chat: 1, open: true, wait_s: 120 },
    entries: [],
    posts: [],
    asked: [],
    down: false,
    status: 0,
    streams: new Set(),
    /** Somebody says something. */
    put(entry) {
      entry = { seq: double.entries.length + 1, at: 1795284085 + 60 * double.entries.length, ...entry };
      double.entries.push(entry);
      double.send("entry", entry);
      return entry;
    },
    send(event, data) {
      for (const stream of double.streams) stream.enqueue(new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
    },
    cut() {
      for (const stream of double.streams) stream.error(new TypeError("cut"));
      double.streams.clear();
    },
  });
  window.fetch = async (input, init = {}) => {
    const url = new URL(input.url || input, location.href);
    if (!url.pathname.startsWith("/double")) return real(input, init);
    double.asked.push(url.pathname + url.search);
    if (double.down) throw new TypeError("down");
    if (double.status) return json({ error: "no" }, double.status);
    const [, , name, what] = url.pathname.split("/");
    if (!name) return json(double.state);
    if (init.method === "POST") {
      const body = JSON.parse(init.body);
      double.posts.push(body);
      if (body.forget) return json({ erased: true });
      const theirs = body.say.map(({ n, text }) => double.entries.find((one) => one.n === n) || double.put({ by: "shopper", n, text }));
      if (body.end) double.put({ by: "house", what: "ended" });
      return json({ entries: theirs, last: double.entries.length });
    }
    const after = +url.searchParams.get("after");
    if (what === "poll") return json({ entries: double.entries.slice(after) });
    let mine;
    const body = new ReadableStream({
      start(stream) {
        mine = stream;
        double.streams.add(stream);
        stream.enqueue(new TextEncoder().encode(": there\n\n" + double.entries.slice(after).map((entry) => `event: entry\ndata: ${JSON.stringify(entry)}\n\n`).join("")));
      },
      cancel: () => double.streams.delete(mine),
    });
    init.signal?.addEventListener("abort", () => double.streams.delete(mine));
    return new Response(body, { headers: { "content-type": "text/event-stream" } });
  };
}
