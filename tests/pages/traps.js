// Runs before everything else in the fixture's pages and writes down what others do: requests, listeners, timers, messages.
(() => {
  const seen = (window.seen = { requests: [], warnings: [], errors: [], violations: [], timers: new Map(), listeners: [] });
  const say = (list) => (...args) => list.push(args.map(String).join(" "));
  console.warn = say(seen.warnings);
  console.error = say(seen.warnings);
  addEventListener("error", (event) => seen.errors.push(String(event.message || event.target?.src)), true);
  addEventListener("unhandledrejection", (event) => seen.errors.push(String(event.reason)));
  addEventListener("securitypolicyviolation", (event) => seen.violations.push(`${event.effectiveDirective} ${event.blockedURI}`));

  const { fetch } = window;
  window.fetch = function (input, ...rest) {
    seen.requests.push(String(input.url ?? input));
    return fetch.call(this, input, ...rest);
  };
  const { open } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.open = function (method, url, ...rest) {
    seen.requests.push(String(url));
    return open.call(this, method, url, ...rest);
  };
  const { sendBeacon } = navigator;
  navigator.sendBeacon = function (url, ...rest) {
    seen.requests.push(String(url));
    return sendBeacon.call(this, url, ...rest);
  };

  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const capture = (options) => Boolean(typeof options === "object" ? options?.capture : options);
  EventTarget.prototype.addEventListener = function (type, run, options) {
    const target = this ?? window;
    const one = { target, type, run, capture: capture(options) };
    if (run && !seen.listeners.some((other) => same(other, one))) seen.listeners.push(one);
    if (options?.once && typeof run === "function") {
      add.call(target, type, () => drop(one), { once: true, capture: one.capture });
    }
    return add.call(target, type, run, options);
  };
  EventTarget.prototype.removeEventListener = function (type, run, options) {
    const target = this ?? window;
    drop({ target, type, run, capture: capture(options) });
    return remove.call(target, type, run, options);
  };
  const same = (a, b) => a.target === b.target && a.type === b.type && a.run === b.run && a.capture === b.capture;
  const drop = (one) => {
    seen.listeners = seen.listeners.filter((other) => !same(other, one));
  };
  /** Listeners on the page itself that are there now, by their names; those of objects that live for a request do not count. */
  seen.listening = () => seen.listeners
    .filter(({ target }) => target === window || target instanceof Node)
    .map(({ target, type }) => `${target === window ? "window" : target.nodeName} ${type}`).sort();

  const { setTimeout, clearTimeout } = window;
  window.setTimeout = (run, wait, ...args) => {
    const id = setTimeout(() => {
      seen.timers.delete(id);
      run(...args);
    }, wait);
    seen.timers.set(id, wait);
    return id;
  };
  window.clearTimeout = (id) => {
    seen.timers.delete(id);
    clearTimeout(id);
  };
  seen.waiting = () => [...seen.timers.values()];
  /** What Polku has told the developer. */
  seen.told = () => seen.warnings.filter((warning) => warning.startsWith("polku "));
})();
