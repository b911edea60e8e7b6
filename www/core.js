// The JS half of the shell: what is made of promises, callbacks and modules, and the reading of the page. One file a browser
// API, in core/. `src/` decides nothing, and neither does this.
import init, * as glue from "polku:glue";
import { watchDataLayer } from "./core/data-layer.js";
import { described } from "./core/element.js";
import { browser, place } from "./core/page.js";
import { prompter } from "./core/prompts.js";
import { sender } from "./core/send.js";

/** What a page can listen to, in the order of `polku_core::Topic`. */
const TOPICS = ["stage", "touchpoint", "friction", "flushed"];

/**
 * Starts Polku in this document. Gives back the calls that the loader hands on, each `(at, ...args)`; nothing where it did
 * not start, which `fail` has said.
 */
export async function start({ files, root, wasm, options, listeners, fail, off }) {
  glue.onTrap((error, dead) => {
    if (dead) off();
    fail(dead ? 900 : 904, "wasm", error);
  });
  await init(wasm);

  let collector;
  try {
    collector = options.collector && new URL(options.collector, location.href).href;
  } catch {
    return fail(105, "collector");
  }

  const root_element = document.documentElement;
  const { send, abort } = sender(collector, glue.delivered);
  const prompts = prompter({ files, root, options, collector, fail, glue });
  let flushes = [];
  const host = {
    ...prompts.host,
    send,
    fail,
    page: (restored) => glue.page(performance.now(), ...place(), restored),
    hit: (event) => {
      const hit = described(event);
      if (hit) glue.pointer(...hit);
    },
    notify: (topic, detail) => {
      const value = JSON.parse(detail);
      if (!topic) root_element.setAttribute("data-polku-stage", value.stage);
      const listening = topic === 3 ? flushes.splice(0) : listeners[TOPICS[topic]] || [];
      // Never from within: a listener may call us, click, or throw.
      for (const listen of listening) queueMicrotask(() => listen(value));
    },
    forget: () => {
      abort();
      root_element.removeAttribute("data-polku-stage");
    },
  };
  if (!glue.start({ ...browser(), ...options, collector }, host)) return;
  glue.page(0, ...place(), false);

  const track = (at, name, data) => {
    let text;
    try {
      text = data === undefined ? data : JSON.stringify(data);
    } catch (error) {
      return fail(121, String(name), error);
    }
    glue.track(at, String(name), text);
  };
  const unwatch = watchDataLayer((name, data, at) => glue.knows(name) && track(at, name, data));
  const listen = () =>
    glue.listen(TOPICS.reduce((bits, topic, at) => bits | (listeners[topic] && listeners[topic].size ? 1 << at : 0), 0));
  listen();

  const decision = (value) => (value === undefined ? value : !!value);
  return {
    track,
    listen,
    page(at, url) {
      const [path] = place();
      // Within a document the page before is always one of this shop.
      glue.page(at, url ? new URL(url, location.href).pathname : path, location.origin, true, false);
    },
    error: (at, kind, detail) => track(at, kind === "payment_declined" ? kind : "js_error", { ...detail, kind }),
    consent: (at, { measure, feedback, since, policy } = {}) =>
      glue.consent(at, decision(measure), decision(feedback), since === "earlier", String(policy || "")),
    withdraw: glue.withdraw,
    journey: () => JSON.parse(glue.journey() || "null"),
    flush(at, done) {
      flushes.push(done);
      glue.flush();
    },
    open: (at, id) => glue.prompt_open(at, String(id)),
    close: prompts.host.close,
    destroy() {
      unwatch();
      glue.stop();
      prompts.destroy();
      root_element.removeAttribute("data-polku-stage");
    },
  };
}
