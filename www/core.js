// The JS half of the shell: what is made of promises, callbacks and modules, and the reading of the page. One file a browser
// API, in core/. `src/` decides nothing, and neither does this.
import init, * as glue from "polku:glue";
import { watchDataLayer } from "./core/data-layer.js";
import { described } from "./core/element.js";
import { checked } from "./core/options.js";
import { place } from "./core/page.js";
import { prompter } from "./core/prompts.js";
import { sender } from "./core/send.js";
import * as store from "./core/store.js";

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

  const settings = checked(options, fail);
  if (!settings) return;
  const { collector } = settings;
  const html = document.documentElement;
  const { send, abort } = sender(collector, glue.delivered);
  const prompts = prompter({ files, root, options, collector, fail, glue });
  const view = (restored) => glue.page(restored ? performance.now() : 0, ...place(), restored);
  let flushes = [];
  Object.assign(glue.host, {
    ...prompts.host,
    send,
    fail,
    persist: store.write,
    hidden: () => document.hidden,
    restore: () => glue.restored(...store.read()),
    show({ persisted }) {
      if (persisted) {
        glue.visibility(false);
        view(true);
      }
    },
    hit(event) {
      const hit = described(event);
      if (hit) glue.pointer(...hit);
    },
    notify(topic, detail) {
      const value = JSON.parse(detail);
      if (!topic) html.setAttribute("data-polku-stage", value.stage);
      const listening = topic === 3 ? flushes.splice(0) : listeners[TOPICS[topic]] || [];
      // Never from within: a listener may call us, click, or throw.
      for (const listen of listening) queueMicrotask(() => listen(value));
    },
    erase() {
      store.erase();
      abort();
      html.removeAttribute("data-polku-stage");
    },
  });
  glue.start(settings.key, settings.lang, innerWidth, settings.flags, document, window);
  view(false);

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
      // Within a document the page before is always one of this shop.
      glue.page(at, url ? new URL(url, location.href).pathname : location.pathname, location.origin, true, false);
    },
    error: (at, kind, detail) => track(at, kind === "payment_declined" ? kind : "js_error", { ...detail, kind }),
    consent: (at, { measure, feedback, since, policy } = {}) =>
      glue.consent(at, decision(measure), decision(feedback), since === "earlier", String(policy || "")),
    withdraw: glue.withdraw,
    journey() {
      const head = glue.journey();
      if (!head) return null;
      const { journey, loss } = JSON.parse(head);
      return { ...journey, loss };
    },
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
      html.removeAttribute("data-polku-stage");
    },
  };
}
