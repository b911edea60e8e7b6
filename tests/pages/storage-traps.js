// Runs after whatever the page itself stores, and writes down what is stored from then on, wherever a page can.
(() => {
  const stored = (window.stored = []);
  const watch = (on, name) => {
    const was = on[name];
    on[name] = function (...args) {
      stored.push(`${name} ${String(args[0])}`);
      return was.apply(this, args);
    };
  };
  for (const name of ["setItem", "getItem", "removeItem", "clear"]) watch(Storage.prototype, name);
  watch(IDBFactory.prototype, "open");
  watch(CacheStorage.prototype, "open");
  watch(ServiceWorkerContainer.prototype, "register");
  watch(history, "pushState");
  watch(history, "replaceState");
  for (const [on, name] of [[Document.prototype, "cookie"]]) {
    const { get, set } = Object.getOwnPropertyDescriptor(on, name);
    const put = (value) => {
      stored.push(`cookie ${value}`);
      set.call(document, value);
    };
    Object.defineProperty(document, name, { configurable: true, get: () => get.call(document), set: put });
  }
  let { name } = window;
  Object.defineProperty(window, "name", { configurable: true, get: () => name, set: (value) => stored.push(`name ${(name = value)}`) });
})();
