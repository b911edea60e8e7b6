/* Polku's loader: one script tag. It keeps what the shop calls until the module is there, fetches that when the page is idle,
 * and stays silent towards the shop whatever fails. It is the only global, and asks nothing of the page but `polku`. */
/* global POLKU_FILES -- names of the built files, written in by the build, which also gives this file a scope of its own */
const files = POLKU_FILES;
const stub = window.polku;

function main() {
  const script = document.currentScript;
  const listeners = {};
  let queue = [];
  let options;
  let core; // the started module; `false` once there will be none

  /** Tells the developer, once: the sentence is fetched only now. */
  const told = new Set();
  const fail = async (code, field, cause) => {
    const name = `E${code}`;
    // A page that does the same wrong again and again, each time a little differently, is not told for ever.
    if (told.has(name + field) || told.size > 50) return;
    told.add(name + field);
    let says = "";
    let fix = "";
    try {
      ({ says, fix } = (await (await fetch(base() + files.errors)).json())[code]);
    } catch {
      // without its sentence the code and the field must do
    }
    console.warn(`polku ${name} ${field}: ${says} ${fix}`, cause || "");
    const detail = { code: name, field, fix };
    for (const listen of [options && options.onError, ...(listeners.error || [])]) {
      if (listen) queueMicrotask(() => listen(detail));
    }
  };

  /** Under this name a page that is left before its module came leaves to the next what it was told. */
  const HANDED = "polku:1:calls";
  /** What earlier pages left, which is forgotten with it; unread with `unread`. Only ever read where `measure` was granted before this page. */
  const handed = (unread) => {
    try {
      const pages = unread ? [] : JSON.parse(sessionStorage.getItem(HANDED)) || [];
      sessionStorage.removeItem(HANDED);
      // A visit that is over has taken them with it.
      return pages.filter(([began]) => Date.now() - began < 18e5);
    } catch {
      return [];
    }
  };
  /** Whether `measure` was granted before this page, as far as the page has said. */
  const known = () =>
    queue.reduce(
      (may, [, name, said]) =>
        name === "withdraw" ? false : said?.measure !== undefined ? said.measure && said.since === "earlier" : may,
      false,
    );
  const leave = () => {
    if (core || !known()) return;
    const page = [Date.now() - performance.now(), location.href, document.referrer, queue.filter(([, name]) => name === "track")];
    const pages = [...handed(), page];
    // Who comes back to this page finds what it said told.
    queue = queue.filter(([, name]) => name !== "track");
    try {
      sessionStorage.setItem(HANDED, JSON.stringify(pages.slice(-5)));
    } catch {
      // full or shut
    }
  };

  /** Whether the page lets a module be compiled: tried with the smallest there is, its head alone. Else its translation is fetched. */
  const compiles = () => {
    try {
      return options.engine !== "js" && new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    } catch {
      // the page's policy forbids it, or the browser has none
    }
  };

  const base = () => options?.base || new URL(".", script?.src || location).href;

  /** Calls the module, now or when it has come. */
  const call = (at, name, ...args) => {
    if (core) {
      try {
        return core[name](at, ...args);
      } catch (error) {
        fail(900, name, error);
      }
    } else if (core !== false && queue.length < 10000) {
      queue.push([at, name, ...args]);
      const [first] = args;
      const urgent = first === "purchase" || first === "payment_declined";
      if (urgent || name === "consent" || first?.call) load(urgent);
      // Who waits for an answer is not left waiting.
    } else args[0]?.call?.();
  };

  /** The modules as JavaScript; with prompts, theirs is in the same file. */
  const translation = (root) => import(root + (options.prompts || options.questions ? files.whole : files.js));

  let loading, unseen;
  const load = async (urgent) => {
    if (loading || !options || core === false) return;
    // A page in a background tab, or one that is prerendered, is a view when it is first seen: then this is called again. What was
    // seen has painted. An order waits for nobody.
    if (urgent !== true && document.hidden && (document.prerendering || !performance.getEntriesByType("paint").length)) {
      unseen = true;
      return;
    }
    document.removeEventListener("visibilitychange", load);
    loading = true;
    const seen = unseen && performance.now();
    let kept;
    try {
      const root = base();
      // Both at once: the module's bytes need not wait for the code that starts them.
      const wasm = compiles() && fetch(root + files.wasm);
      if (wasm) wasm.catch(() => {});
      // For a developer who has asked for it, in the address of this page or of the one before.
      const debug = /polku_debug=1/.test(location.search + document.referrer) && import(root + files.debug).catch(() => {});
      // What asks consent platforms comes too, unless the shop alone says what was decided and no signal of the browser has to be asked.
      const asks = options.consent !== "api" || options.gpc;
      const [module, sources] = await Promise.all([wasm ? import(root + files.core) : translation(root), asks && import(root + files.consent)]);
      const off = () => (core = false);
      const shell = { root, wasm, options, listeners, fail, off, seen: seen || 0, known: known(), handed, debug };
      // A browser may compile the smallest module and, under the same policy, no other: WebKit.
      const other = async (error) => {
        if (!wasm || !/^(Compile|Eval)Error$/.test(error.name)) throw error;
        return (await translation(root)).start({ ...shell, wasm: 0 });
      };
      const started = (await module.start(shell).catch(other)) || false;
      core = core !== false && (asks ? sources.before(started, shell) : started);
    } catch (error) {
      core = false;
      kept = queue;
      fail(901, "load", error);
    }
    const calls = queue;
    queue = [];
    for (const [at, name, ...args] of calls) call(at, name, ...args);
    // The next page may have more luck. And Firefox gives up what a page still loads before it says that the page is left.
    queue = kept || queue;
    if (document.querySelector("[data-polku-privacy]")) polku.privacy.draw();
  };

  const later = (name) => (...args) => call(performance.now(), name, ...args);

  const polku = (name, ...args) => {
    const run = String(name).split(".").reduce((api, key) => api && api[key], polku);
    if (typeof run === "function") return run(...args);
    fail(903, name);
  };
  for (const name of ["track", "page", "error", "consent", "withdraw", "variant"]) polku[name] = later(name);
  polku.prompt = { open: later("open"), close: later("close") };
  // What the shopper may see and do is a part of its own, and works without the module as well.
  polku.privacy = {};
  for (const name of ["draw", "open", "export", "erase"]) {
    polku.privacy[name] = () =>
      import(base() + files.privacy)
        .then(async (part) => part[name](await new Promise(later("inside"))))
        .catch((error) => fail(226, name, error));
  }
  polku.version = files.version;
  polku.journey = () => (core && call(0, "journey")) || null;
  polku.flush = async () => (await new Promise(later("flush"))) || { sent: 0, queued: 0 };
  polku.on = (topic, listen) => {
    if (typeof listen !== "function") return () => {};
    (listeners[topic] ||= new Set()).add(listen);
    if (core) call(0, "listen");
    return () => {
      listeners[topic].delete(listen);
      if (core) call(0, "listen");
    };
  };
  polku.destroy = () => {
    if (core) call(0, "destroy");
    document.removeEventListener("visibilitychange", load);
    removeEventListener("pagehide", leave);
    core = false;
    queue = [];
  };
  polku.init = (given) => {
    if (options && core !== false) return;
    options = { ...given };
    if (core === false) core = loading = undefined;
    // When the page is idle, after a second at the latest, or when it is hidden before.
    (window.requestIdleCallback || ((go) => setTimeout(go, 200)))(load, { timeout: 1000 });
    document.addEventListener("visibilitychange", load);
    addEventListener("pagehide", leave);
  };

  window.polku = polku;
  const given = script?.dataset || {};
  if (given.key !== undefined || given.collector !== undefined) polku.init(given);
  // What the page said before this file came: `[performance.now(), name, ...arguments]`.
  for (const [at, name, ...args] of stub?.q || []) {
    if (/^(on|in|priv)/.test(name)) polku(name, ...args);
    else call(at, String(name).replace("prompt.", ""), ...args);
  }
}

// Included twice, the first one stays.
if (!stub?.version) main();
