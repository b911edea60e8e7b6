// Runs before everything else in a page and writes down what Polku's own code reads and writes of the browser: storage, the device, what is
// typed, and where requests go. Whose code it is the stack tells: all of ours lies under /polku/.
(() => {
  Error.stackTraceLimit = 60;
  const access = (window.access = []);
  const ours = () => /\/polku\/[\w.-]+\.m?js/.test(new Error().stack);
  const note = (what, detail = "") => {
    if (ours() && access.length < 100000) access.push(detail === "" ? what : `${what} ${detail}`);
  };
  const method = (of, name, what, detail = () => "") => {
    const run = of && of[name];
    if (typeof run !== "function") return;
    Object.defineProperty(of, name, {
      configurable: true,
      writable: true,
      value(...args) {
        note(what, detail.call(this, ...args));
        return run.apply(this, args);
      },
    });
  };
  const property = (of, name, what, detail = () => "") => {
    const own = of && Object.getOwnPropertyDescriptor(of, name);
    if (!own || !own.get || !own.configurable) return;
    Object.defineProperty(of, name, {
      ...own,
      get() {
        note(`${what} get`, detail.call(this));
        return own.get.call(this);
      },
      set: own.set && function (value) {
        note(`${what} set`, detail.call(this));
        own.set.call(this, value);
      },
    });
  };
  for (const name of ["localStorage", "sessionStorage"]) property(window, name, name);
  const area = (storage) => (storage === localStorage ? "localStorage" : "sessionStorage");
  for (const name of ["getItem", "setItem", "removeItem", "key", "clear"]) {
    const run = Storage.prototype[name];
    Storage.prototype[name] = function (...args) {
      note(`${area(this)} ${name}`, args[0]);
      return run.apply(this, args);
    };
  }
  property(Document.prototype, "cookie", "cookie");
  property(window, "name", "window.name");
  method(IDBFactory.prototype, "open", "indexedDB");
  method(CacheStorage.prototype, "open", "caches");
  method(window.ServiceWorkerContainer && ServiceWorkerContainer.prototype, "register", "serviceWorker");
  for (const name of ["pushState", "replaceState"]) method(History.prototype, name, `history ${name}`);

  for (const name of Object.getOwnPropertyNames(Navigator.prototype)) {
    property(Navigator.prototype, name, `navigator.${name}`);
  }
  for (const name of Object.getOwnPropertyNames(Screen.prototype)) property(Screen.prototype, name, `screen.${name}`);
  for (const name of ["devicePixelRatio", "outerWidth", "outerHeight", "screenX", "screenY"]) property(window, name, name);
  method(window, "matchMedia", "matchMedia", (query) => query);
  method(Intl.DateTimeFormat.prototype, "resolvedOptions", "time zone");
  method(Date.prototype, "getTimezoneOffset", "time zone");
  method(HTMLCanvasElement.prototype, "getContext", "canvas");
  method(HTMLCanvasElement.prototype, "toDataURL", "canvas");
  for (const name of ["AudioContext", "OfflineAudioContext", "RTCPeerConnection", "WebSocket", "EventSource", "Worker"]) {
    const made = window[name];
    if (made) window[name] = new Proxy(made, { construct: (of, args) => (note(name), Reflect.construct(of, args)) });
  }
  if (window.FontFaceSet) method(FontFaceSet.prototype, "check", "fonts");

  // What is typed. The prompt's own fields are the widget's: they stand in its shadow root.
  const mine = (element) => element instanceof Node && element.getRootNode() !== document && element.isConnected;
  for (const of of [HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement]) {
    for (const name of ["value", "valueAsNumber", "valueAsDate", "files", "selectedOptions", "checked"]) {
      const own = Object.getOwnPropertyDescriptor(of.prototype, name);
      if (!own || !own.get) continue;
      Object.defineProperty(of.prototype, name, {
        ...own,
        get() {
          if (!mine(this)) note(`typed ${name}`, this.name || this.id);
          return own.get.call(this);
        },
      });
    }
  }
  for (const [of, name] of [[InputEvent, "data"], [KeyboardEvent, "key"], [KeyboardEvent, "code"], [ClipboardEvent, "clipboardData"]]) {
    property(of.prototype, name, `typed ${name}`, function () {
      const [target] = this.composedPath();
      if (mine(target)) return "in our own prompt";
      return target.closest?.("input,textarea,select,[contenteditable]") ? "in a field of the shop" : "outside of fields";
    });
  }

  const to = (input) => new URL(input && input.url ? input.url : String(input), location.href).origin;
  method(window, "fetch", "request", to);
  method(XMLHttpRequest.prototype, "open", "request", (_, address) => to(address));
  method(Navigator.prototype, "sendBeacon", "beacon", to);
})();
