import { ASKS, OPAQUE, rulesOf } from "./entry.js";

/** An answer for a batch without a request: 200 done, 400 refused, 404 stop, 413 halve. */
const settled = (status) => ({ push: () => status });

/** A request as the module tells it: lines, an empty one, the body. */
function request(text) {
  const at = text.indexOf("\n\n");
  const [seqs, method, path, ...lines] = text.slice(0, at).split("\n");
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(": ")), line.slice(line.indexOf(": ") + 2)]));
  return { seqs, method, path, headers, body: text.slice(at + 2) };
}

/** Settings as lines for the module: the entry's own, and what the page knows. */
function settings({ set, key }, url) {
  const all = new Map(typeof set === "string" ? new URLSearchParams(set) : Object.entries(set || {}));
  if (key) all.set("key", key);
  const { origin } = location;
  if (!all.has("origin") && /^https?:/.test(origin)) all.set("origin", origin);
  // An address without a path gets the format's own.
  if (url && (url.pathname !== "/" || url.search) && !all.has("path")) all.set("path", url.pathname + url.search);
  return [...all].map(([name, value]) => `${name}=${String(value).replace(/\n/g, " ")}`);
}

/**
 * The lane of a collector with another format: `entry` as it is configured, `preset` its format, `url` its address (none for the page's data layer).
 * `run` is the module, `isDead()` whether it has trapped, `wrong(code, field)` says what is wrong and gives back a lane without events.
 */
export function other({ entry, preset, url, run, isDead, wrong, fail, field }) {
  const [told] = run(0, 0, ...settings(entry, url), "", JSON.stringify(preset));
  if (!told) return wrong(906, "format");
  const [number, said] = told;
  if (number >= 100) return wrong(number, number === 116 ? `set.${said}` : `preset ${said}`);
  const flags = +said.split(",")[5];
  const opaque = entry.response ? entry.response === "opaque" : !!(flags & OPAQUE);
  if (opaque && flags & ASKS) return wrong(124, "response");

  const reader = (seqs) => (status, text, headers) => {
    const lines = [...(headers || [])].map(([name, value]) => `${name}: ${value}`);
    const [told] = run(2, number, seqs, status, ...lines, "", text);
    // After a trap nothing is known any longer.
    return told || [404, ""];
  };
  const lane = {
    rules: rulesOf(entry, said),
    url: url && url.href,
    read: reader(""),
    request(body) {
      const told = run(1, number, Date.now(), body);
      if (isDead()) return settled(404);
      // The format has no place for any of it.
      if (!told.length) return settled(200);
      const [[code, text]] = told;
      if (code) {
        fail(code, `${field}${code === 116 ? "set." : "format "}${text}`);
        // A setting fits no batch any better; what is wrong with a batch may be one event.
        return settled(code === 116 ? 404 : 400);
      }
      const requests = told.map(([, text]) => request(text));
      if (!url) {
        // Tag managers run tags as they are pushed to: not while the engine waits. They keep what was pushed before, so that it is cleared first.
        const push = () => requests.forEach(({ body }) => (window.dataLayer ||= []).push({ polku: null }, JSON.parse(body)));
        return { push: () => (queueMicrotask(push), 200), body: requests.map(({ body }) => body).join("\n") };
      }
      // Longer than a leaving page can send: the engine halves it.
      if (requests.length > 1) return settled(413);
      const [{ seqs, method, path, headers, body: written }] = requests;
      lane.read = reader(seqs);
      return { url: url.origin + path, method, headers, body: written, opaque, read: lane.read };
    },
  };
  // Each event is pushed by itself, but all of a batch at once.
  if (!url) lane.rules = lane.rules.replace(/^(,\d+),1,/, "$1,100,");
  return lane;
}
