// The JS half of the shell: what is made of promises, callbacks and modules, and the reading of the page. One file a browser
// API, in core/. `src/` decides nothing, and neither does this.
import init, * as glue from "polku:glue";
import * as near from "polku:near";
import { checked } from "./core/options.js";
import * as to from "./core/protocol.js";

/* global POLKU_FILES -- names of the built files, written in by the build */

/**
 * So much waits for what watches the page, at most: where it cannot be loaded nothing is gained by more. And so many characters of it are
 * left to the next page.
 */
const TOLD = 1000;
const LEFT = 4000;
/**
 * What the page tells within this time of the last, in ms, is told to the module together: what is done again while it is at hand costs a
 * fraction of what it costs each time anew. The tick after it stores it: within a quarter of a second.
 */
const TOGETHER = 220;
/** … or since the first of them, in ms: what comes then takes all along, and no task of its own is needed. */
const ENOUGH = 160;
/** … and at most so many at once. */
const MANY = 5;
/** What a page can listen to, in the order of `polku_core::Topic`. */
const TOPICS = ["stage", "touchpoint", "friction", "flushed", "emotion"];

/**
 * Starts Polku in this document. Gives back the calls that the loader hands on, each `(at, ...args)`; nothing where it did
 * not start, which `fail` has said.
 */
export async function start({ root, wasm, options, listeners, fail, off, seen, known, handed, debug }) {
  glue.onTrap((error, dead) => {
    if (dead) off();
    fail(dead ? 900 : 904, "wasm", error);
    if (dead) unwatchPage();
  });
  // What stores and sends is fetched with the module where something was allowed before, else as soon as something is.
  let delivery, coming;
  const come = () => (coming ||= import(root + POLKU_FILES.deliver).catch((error) => fail(901, "deliver", error)));
  if (known) come();
  const layer = () => import(root + POLKU_FILES.layer).catch((error) => fail(901, "layer", error));
  let reading, unwatch, rest;
  if ("dataLayer" in window) layer();
  await init(wasm);

  const settings = checked(options, fail);
  if (!settings) return;
  const { collector } = settings;
  let { framework = "" } = options;
  if (framework === "five-stages") framework = "";
  // Nothing starts before its framework is there: what it is told meanwhile waits in the loader.
  if (framework && !(framework = await (await import(root + POLKU_FILES.framework)).framework(framework, fail))) return;
  const html = document.documentElement;
  // The newest moment that the module was told of: from there it counts.
  let newest = 0;
  const put = (at, kind, number, ...lines) => {
    newest = Math.max(newest, at);
    extra.input(kind, Date.now() - performance.now(), at, number, lines.join("\n"));
  };
  // What was told, and waits for what comes with it; and the timer, while more may.
  const waiting = [];
  let together;
  const spill = () => {
    for (const entry of waiting.splice(0)) put(...entry);
  };
  const inputAt = (at, kind, number = 0, ...lines) => {
    spill();
    put(at, kind, number, ...lines);
  };
  const input = (...rest) => inputAt(performance.now(), ...rest);
  // Another format than ours, and more collectors than one, are a part of their own.
  const more = options.collectors || (options.format && options.format !== "polku");
  const lanes = more ? await (await import(root + POLKU_FILES.collectors)).lanes({ root, options, fail }) : [{ url: collector }];
  if (!lanes) return;
  const isLeft = () => {
    try {
      return /polku:1:/.test([...Object.keys(localStorage), ...Object.keys(sessionStorage)]);
    } catch {
      // shut
    }
  };
  // What the parts share, and the shopper's own view sees; the debug panel hears what the engine is told.
  const extra = { options, lanes, start: glue.start, input: glue.input };
  const deliver = (run) => {
    // At once where it is there: what an effect brings belongs to the input before it.
    if (delivery) return run(delivery);
    const later = come().then((part) => {
      delivery ||= part && part.deliver({ input, inputAt, extra });
      if (delivery) run(delivery);
    });
    return later.catch((error) => fail(904, "deliver", error));
  };
  if (known) await deliver(() => {});
  // Where prompts are configured and may be shown: what deals with them is a part of its own.
  let prompts;
  const ask = (name, ...args) => {
    if (name === "may" && (options.prompts || options.questions)) {
      prompts ||= (POLKU_FILES.prompts ? import(root + POLKU_FILES.prompts) : Promise.resolve(near)).then((part) => part.prompter({ root, options, framework, lanes, listeners, fail, input, left, page: () => arrived }));
    }
    // What happens before it has come happens there in its order, and at its time.
    const at = performance.now();
    if (prompts) prompts.then((part) => part[name]?.(at, ...args)).catch((error) => fail(224, "data-prompts", error));
  };
  // What watches the page is told where the shopper is and what happens; what happened before it came waits for it.
  let told = [];
  // … and where it is, also to one that begins anew after a refusal.
  let arrived;
  let watching, watcher;
  const notice = (...entry) => {
    if (watcher) watcher(...entry);
    else if (told.length < TOLD) told.push(entry);
  };
  // A page that is left before its watcher came leaves what it was to be told to the watcher of the next page.
  let memory;
  const hide = (hidden) => {
    const at = performance.now();
    settle();
    if (hidden) {
      // Another tab may just have withdrawn: then this page has nothing to tell any more.
      inputAt(at, to.KEEP);
      inputAt(at, to.SETTLE);
    }
    notice(at, to.WATCH_VISIBILITY, hidden);
    if (hidden) notice(at, to.WATCH_LEAVE);
    if (hidden && watching && !watcher) {
      // The newest, as many as there is room for.
      let heard = "";
      for (const [, kind, , text] of told.slice().reverse()) {
        if (kind !== to.WATCH_HEAR || !text) continue;
        if (heard.length + text.length > LEFT) break;
        heard = text + "\r" + heard;
      }
      inputAt(at, to.MEMORY, 0, memory + "^" + encodeURIComponent(heard));
    }
    inputAt(at, to.VISIBILITY, hidden);
  };
  // What reads a data layer is a part, for pages that have one: then this is its own.
  let look = () => {
    if ("dataLayer" in window) {
      reading ||= layer().then((part) => {
        if (!part || !reading) return;
        [look, unwatch, rest] = part.watchDataLayer((name, data, at) => track(at, name, data, to.LAYER));
        return rest();
      });
    }
    return reading;
  };
  /** Nothing waits any more. */
  const settle = () => {
    look(1);
    spill();
  };
  /** Called at the end of each view, by the parts that watch it. */
  const left = [];
  /** … and with its kind at the beginning of each. */
  const viewed = [];
  /** The path of an address, with the route that some shops keep behind its `#`. */
  const path = ({ protocol, pathname, hash }) => (protocol === "file:" ? pathname.replace(/.*(?=\/)/, "") : pathname) + (/^#!?(\/[^?]*)/.exec(hash) || ["", ""])[1];
  let shown;
  /** A view of the page at `url`. The browser knows a page before this one even where that hid its address. */
  const view = (at, url, how, referrer = location.origin + "/") => {
    // What waits was pushed on the page before.
    settle();
    for (const end of left) end(at);
    shown = path(location);
    const own = referrer ? referrer.startsWith(location.origin + "/") : (window.navigation?.currentEntry || {}).index > 0;
    const address = path(url) + url.search;
    const back = how === to.RESTORED_PAGE;
    arrived = [at, to.WATCH_PAGE, how, address];
    // What is found on a page that slept waits until it is known what is stored.
    if (!back) notice(...arrived);
    inputAt(at, to.PAGE, to.bits(own) | (how << 1), address, referrer);
    if (back) notice(...arrived);
    for (const run of viewed) run(how);
  };
  const here = (at, how) => view(at, location, how, document.referrer);
  /** A view, where the path has changed within the document: not every change of an address is one. */
  const route = (at) => path(location) === shown || view(at, location, to.ROUTE);
  const unstage = () => delete html.dataset.polkuStage;
  const draw = () =>
    // At no time: what an earlier page was told comes first.
    inputAt(-Infinity, to.ENTROPY, 0, String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)).map((byte) => byte & 127)));
  let flushes = [];
  let asked = 0;
  let head, timer, gone;
  const unwatchPage = () => {
    if (watching) watching();
    told = arrived ? [arrived] : [];
    watching = watcher = 0;
  };

  const gather = () => {
    clearTimeout(together);
    together = waiting.length && setTimeout(gather, TOGETHER);
    // What it brings is due, too.
    if (together) input(to.TICK);
  };

  const track = (at, name, data, source = to.API) => {
    let text;
    try {
      text = JSON.stringify(data);
    } catch (error) {
      fail(121, name, error);
    }
    waiting.push([at, to.TRACK, source, name, text]);
    // The first comes at once.
    if (together && at - waiting[0][0] > ENOUGH) gather();
    else if (!together || waiting.length >= MANY || document.hidden) spill();
    together ||= setTimeout(gather, TOGETHER);
  };

  const notify = (topic, detail) => {
    const value = JSON.parse(detail);
    if (!topic) html.dataset.polkuStage = value.stage;
    const listening = topic === 3 ? flushes.splice(0) : listeners[TOPICS[topic]] || [];
    // Never from within: a listener may call us, click, or throw.
    for (const listen of listening) queueMicrotask(() => listen(value));
  };

  // What the module asks for: `run` in src/driver.rs sends these numbers.
  const effects = [
    (wanted) => {
      const nth = ++asked;
      // Unless it is no longer wanted when what reads has come: nothing is read after a withdrawal.
      deliver((to) => to.read(wanted, () => nth === asked));
    },
    (number, text) => deliver((to) => to.send(number, text)),
    (number, text) => deliver((to) => to.write(text, gone)),
    () => {
      asked++;
      // Who refuses need not fetch what stores, unless an earlier page has left something.
      if (coming || isLeft()) {
        deliver((to) => {
          to.erase();
          to.abort();
        });
      }
      unwatchPage();
      unstage();
    },
    (flags) => ask("may", flags),
    (measure, sub) => ask("open", measure, sub),
    () => ask("close"),
    (slot, text) => deliver((to) => to.shelve(slot, text)),
    notify,
    fail,
    (number, text) => {
      head = JSON.parse(text);
    },
    draw,
    (wait) => {
      clearTimeout(timer);
      timer = setTimeout(input, wait + newest - performance.now(), to.TICK);
    },
    (earlier, text) => {
      const now = performance.now();
      const [word, before = ""] = text.split("^");
      memory = word;
      // The pages before come first; a page that slept knows nothing newer.
      const past = decodeURIComponent(before).split("\r").slice(0, -1).map((text) => [now, to.WATCH_HEAR, 0, text]);
      const waited = watcher ? [] : told.filter(([, kind]) => kind === to.WATCH_PAGE || kind === to.WATCH_VISIBILITY);
      const entry = [now, to.WATCH_MEMORY, earlier, word];
      told = [];
      for (const one of earlier ? [entry, ...past, ...waited] : [...waited, entry]) notice(...one);
      if (watching) return;
      // What watches the page is a part of its own, which a page without consent need not load. It gives back what takes it off.
      let on = true;
      const watch = (tell) => {
        if (!on) return;
        watcher = tell;
        for (const one of told.splice(0)) tell(...one);
      };
      const shell = { root, options, framework, notify, fail, inputAt, track, route, store: delivery, extra, look: () => look(), left, viewed, watch, isOn: () => on, earlier: !!earlier };
      const part = import(root + POLKU_FILES.watch).then((part) => part.watch(shell));
      part.catch((error) => {
        // A page that comes back after it was left in the middle may have more luck.
        watching = 0;
        fail(225, "watch", error);
      });
      watching = () => {
        on = false;
        part.then((off) => off(), () => {});
      };
    },
    (number, text) => {
      notice(performance.now(), to.WATCH_HEAR, 0, text);
      ask("hear", text);
    },
  ];
  glue.host.effect = (kind, number, text) => effects[kind](number, text);
  // What the page tells by itself: the event's name, whose it is, and what is done then. Each may be the last that is heard of the page.
  const events = [
    // A page may make its data layer later than its tag.
    [window, "load", () => look()],
    // Some browsers say that a page is seen again before they say that it is back.
    [document, "visibilitychange", () => (gone && !document.hidden) || hide(to.bits(document.hidden))],
    [
      window,
      "pagehide",
      () => {
        hide((gone = 1));
        if (delivery) delivery.leave();
      },
    ],
    [
      window,
      "pageshow",
      ({ persisted }) => {
        if (persisted) {
          gone = 0;
          if (delivery) delivery.wake();
          here(performance.now(), to.RESTORED_PAGE);
          hide(0);
        }
      },
    ],
  ];
  if (debug) (await debug)?.attach(extra, effects);
  extra.start(settings.flags, innerWidth, `${settings.key}\n${settings.lang}\n${lanes.map(({ rules }) => rules).join(" ")}\n${framework}`);
  for (const [target, type, run] of events) target.addEventListener(type, run);
  draw();
  // What earlier pages were told, which were left before their module came: it happened there, and then.
  for (const [began, href, referrer, calls] of known ? handed() : []) {
    const before = began - (Date.now() - performance.now());
    view(before, new URL(href), to.LOAD, referrer);
    for (const [at, , name, data] of calls) track(before + at, String(name), data);
  }
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  here(seen, type === "reload" ? to.RELOAD : type === "back_forward" ? to.RESTORED_PAGE : to.LOAD);

  // The calls that the loader kept wait for what was pushed: a decision must not come before what it is about.
  await look();
  // At no time: calls that were made before now are still to come.
  const listen = () => inputAt(0, to.LISTEN, to.bits(...TOPICS.map((topic) => listeners[topic] && listeners[topic].size)));
  listen();
  return {
    listen,
    track: (at, name, data) => track(at, String(name), data),
    page: (at, url) => view(at, new URL(url || "", location.href), to.NAMED),
    error: (at, kind, detail) => track(at, kind === "payment_declined" ? kind : "js_error", { ...detail, kind }),
    consent(at, { measure, remember, feedback, since, policy = "", by = "api" } = {}) {
      // As it was said last: the shopper's own view shows it.
      extra.asked = feedback ?? extra.asked;
      // What waits was pushed before the decision; and nothing has watched the address until now.
      settle();
      route(at);
      // What other tabs have sent has to be erased, too.
      if (measure === false) {
        handed(1);
        inputAt(at, to.KEEP);
      }
      const said = [measure !== undefined, measure, feedback !== undefined, feedback, since === "earlier", remember !== undefined];
      inputAt(at, to.CONSENT, to.bits(...said, remember && options.remember !== "no"), by, policy);
    },
    withdraw(at) {
      handed(1);
      inputAt(at, to.KEEP);
      inputAt(at, to.WITHDRAW);
    },
    journey() {
      head = null;
      input(to.JOURNEY);
      return head && { ...head.journey, loss: head.loss };
    },
    flush(at, done) {
      settle();
      if (done) flushes.push(done);
      input(to.FLUSH);
    },
    open: (at, id) => ask("asked", id),
    close: () => ask("close"),
    inside: (at, done) => done(extra),
    variant: (at, name, value) => inputAt(at, to.VARIANT, 0, name, value),
    destroy() {
      if (unwatch) unwatch();
      look = () => {};
      reading = 0;
      for (const [target, type, run] of events) target.removeEventListener(type, run);
      // What waits leaves as if the page had left.
      hide(1);
      input(to.END);
      unwatchPage();
      clearTimeout(timer);
      clearTimeout(together);
      ask("destroy");
      if (delivery) delivery.end();
      unstage();
    },
  };
}
