// Requests to the shop's chat endpoint: no cookies, no referrer, and nothing that would need a preflight. What comes of them is told; what it means the module knows.

/** Requests are given up after so many ms; one that waits for something new waits so much longer. */
const PATIENCE = 15000;
/** A body of at most so many characters may outlive its page: browsers let 64 KiB through. */
const SMALL = 15000;

/** Chat at `url` for the shop `key`. `told`: `answered(token, status, after, body)`, `bytes(token, text)`, `broke(token, status)`. */
export function line(url, key, told) {
  // What is listened to now.
  let ear;
  const ask = (path, more, ms = PATIENCE) =>
    fetch(url + path, { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", signal: AbortSignal.timeout(ms), ...more });
  const answer = async (token, request, signal) => {
    try {
      const response = await request;
      const body = await response.text();
      told.answered(token, response.status, Math.ceil(+response.headers.get("retry-after")) || 0, body);
    } catch {
      if (!signal?.aborted) told.answered(token, 0, 0, "");
    }
  };
  const hang = () => {
    ear?.abort();
    ear = new AbortController();
    return ear.signal;
  };
  return {
    hang,
    state: (token) => answer(token, ask("?key=" + encodeURIComponent(key))),
    post: (token, name, body) => answer(token, ask("/" + name, { method: "POST", body, keepalive: body.length < SMALL })),
    poll(token, name, after, wait) {
      const signal = hang();
      const late = setTimeout(() => ear.signal === signal && ear.abort("late"), PATIENCE + wait * 1000);
      const request = ask(`/${name}/poll?after=${after}&wait=${wait}`, { signal });
      answer(token, request, { get aborted() { return signal.aborted && signal.reason !== "late"; } }).finally(() => clearTimeout(late));
    },
    async stream(token, name, after) {
      const signal = hang();
      let status = 0;
      try {
        const response = await ask(`/${name}/stream?after=${after}`, { signal });
        ({ status } = response);
        if (response.ok && /event-stream/.test(response.headers.get("content-type"))) {
          const reader = response.body.getReader();
          const decoder = new TextDecoder();
          for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) told.bytes(token, decoder.decode(value, { stream: true }));
        }
      } catch {
        // cut
      }
      if (!signal.aborted) told.broke(token, status);
    },
  };
}
