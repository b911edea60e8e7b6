// The JS half of the shell: what is made of promises, callbacks and modules. `src/` decides nothing, and neither does this.
import init, * as glue from "polku:glue";

/** A request without an answer is given up after this long, in ms. */
const TIMEOUT = 15000;

/** What page scripts can listen to, in the order of the bits of `listen`. */
const TOPICS = ["stage", "touchpoint", "friction"];

/** Whoever types, or has another dialog open, is not asked. */
const TYPING = "input:not([type=button],[type=submit],[type=checkbox],[type=radio]),textarea,select,[contenteditable]";
const DIALOG = "dialog[open],[aria-modal=true],[role=alertdialog]";

/**
 * Starts Polku in this document. Gives back the calls that the loader hands on, each `(at, ...args)`; nothing where it did
 * not start, which `fail` has said.
 */
export async function start({ files, root, wasm, options, listeners, fail, off }) {
  await init(wasm);
  glue.onTrap((error, dead) => {
    fail(dead ? 900 : 904, "wasm", error);
    if (dead) off();
  });

  let collector;
  try {
    collector = options.collector && new URL(options.collector, location.href).href;
  } catch {
    return fail(105, "collector");
  }

  // Delivery
  let flights = new Set();
  const send = (batch, body, leaving) => {
    const flight = new AbortController();
    flights.add(flight);
    const timer = setTimeout(() => flight.abort(), TIMEOUT);
    const land = (status, text, after) => {
      clearTimeout(timer);
      if (flights.delete(flight)) glue.delivered(batch, status, text, after);
    };
    const request = async () => {
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
    };
    request().catch(() => land(0, ""));
  };
  const abort = () => {
    const given_up = flights;
    flights = new Set();
    for (const flight of given_up) flight.abort();
  };

  // What the page listens to
  let flushes = [];
  const notify = (topic, detail) => {
    const value = JSON.parse(detail);
    for (const done of topic === "flushed" ? flushes.splice(0) : listeners[topic] || []) queueMicrotask(() => done(value));
  };
  const listen = () => glue.listen(TOPICS.reduce((bits, topic, at) => bits | (listeners[topic]?.size ? 1 << at : 0), 0));

  // Prompts
  const definitions = new Map();
  let status, opened;
  const event = (report) => glue.prompt_event(report);
  const load = async () => {
    if (!options.prompts) return;
    let list;
    try {
      const response = await fetch(new URL(options.prompts, location.href));
      if (!response.ok) throw Error(response.status);
      list = await response.json();
    } catch (error) {
      return fail(223, "prompts", error);
    }
    for (const definition of [list].flat()) definitions.set(definition?.id, definition);
    // Mounted empty and early: a live region that comes with its text is not read out.
    status = document.createElement("div");
    status.setAttribute("role", "status");
    status.setAttribute("data-polku-status", "");
    // Through the CSSOM, which a strict CSP allows.
    for (const [name, value] of Object.entries({ position: "absolute", width: "1px", height: "1px", overflow: "hidden", "clip-path": "inset(50%)", "white-space": "nowrap" })) {
      status.style.setProperty(name, value);
    }
    document.body.append(status);
    glue.prompts(list);
  };
  const open = async (id, sub, trigger, measure, user) => {
    await 0; // never answer before the call has ended
    if (!user && (document.activeElement?.matches(TYPING) || document.querySelector(DIALOG))) return event({ type: "busy" });
    if (!status.isConnected) document.body.append(status);
    const context = { sub, trigger, measure, user, lang: document.documentElement.lang || navigator.language, collector: new URL(collector).host, status };
    try {
      const prompt = await import(root + files.prompt);
      opened = await prompt.open(definitions.get(id), context, event);
    } catch (error) {
      event({ type: "failed" });
      const [, code, field] = /^polku E(\d+) ?(.*)/.exec(error?.message) || [0, 224, id];
      fail(code, field, error);
    }
  };
  const close = () => opened?.close();
  const quiet = () => {
    document.cookie = "polku_quiet=1;path=/;samesite=lax";
  };

  const started = glue.start(
    { ...options, collector, quiet: options.mode === "feedback" && /(^|; )polku_quiet=1/.test(document.cookie) },
    { send, abort, notify, fail, load, open, close, quiet },
  );
  if (!started) return;

  const track = (at, name, data) => {
    let text;
    try {
      text = data === undefined ? undefined : JSON.stringify(data);
    } catch (error) {
      return fail(121, String(name), error);
    }
    glue.track(at, String(name), text);
  };

  const unwatch = watchDataLayer((name, data, at) => glue.knows(name) && track(at, name, data));
  listen();

  const bool = (value) => (value === undefined ? value : !!value);
  return {
    track,
    listen,
    page: (at, url) => glue.page(at, url && new URL(url, location.href).pathname),
    error: (at, kind, detail) => track(at, kind === "payment_declined" ? kind : "js_error", { ...detail, kind }),
    consent: (at, { measure, feedback, since, policy } = {}) =>
      glue.consent(at, bool(measure), bool(feedback), since === "earlier", String(policy ?? "")),
    withdraw: (at) => glue.withdraw(at),
    journey: () => JSON.parse(glue.journey() || "null"),
    flush: (at, done) => {
      flushes.push(done);
      glue.flush();
    },
    open: (at, id) => glue.prompt_open(at, String(id)),
    close,
    destroy: () => {
      unwatch();
      glue.stop();
      opened?.destroy();
      status?.remove();
    },
  };
}

/**
 * GA4's data layer, in both of its spellings: `push({event, ecommerce})` and `gtag('event', name, parameters)`. `see` gets what
 * was pushed before (with the time 0: when is not known) and what comes. The shop's own `push` runs first and as ever.
 */
function watchDataLayer(see) {
  let layer, push, ours;
  const read = (entry, at) => {
    try {
      if (typeof entry?.event === "string") see(entry.event, entry.ecommerce || entry, at);
      else if (entry?.[0] === "event") see(entry[1], entry[2], at);
    } catch {
      // whatever a page keeps in there, it is none of our errors
    }
  };
  const watch = () => {
    if (layer || !Array.isArray(window.dataLayer)) return;
    layer = window.dataLayer;
    push = layer.push;
    for (const entry of [...layer]) read(entry, 0);
    ours = layer.push = function (...entries) {
      const result = push.apply(this, entries);
      for (const entry of entries) read(entry, performance.now());
      return result;
    };
  };
  watch();
  window.addEventListener("load", watch);
  return () => {
    window.removeEventListener("load", watch);
    if (layer && layer.push === ours) layer.push = push;
  };
}
